package io.eksnet.bench;

import io.eksnet.lab.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What stands while the bench runs: the target, its certificate, and where the programs are. */
final class TestBed implements AutoCloseable {
  /** Addresses of the target; more targets are more probes of the same addresses. */
  static final int ADDRESSES = 500;

  private final Path eksnet;
  private final Path work;
  private final Path ca;
  private final Path chain;
  private final BenchProcess target;
  private final Ports ports;

  private TestBed(Path eksnet, Path work, Path ca, Path chain, BenchProcess target, Ports ports) {
    this.eksnet = eksnet;
    this.work = work;
    this.ca = ca;
    this.chain = chain;
    this.target = target;
    this.ports = ports;
  }

  /** Starts the target. */
  static TestBed set(Path eksnet, Path work) throws IOException {
    var certificates = TestCertificates.of(Ports.NAME);
    var identity = certificates.good();
    var ca = work.resolve("ca.pem");
    var chain = work.resolve("target.pem");
    var key = work.resolve("target.key");
    Files.writeString(ca, TestCertificates.pem(List.of(certificates.authority())));
    Files.writeString(chain, TestCertificates.pem(identity.chain()));
    Files.writeString(key, TestCertificates.pem(identity.key()));
    var arguments = List.of(Integer.toString(ADDRESSES), chain.toString(), key.toString());
    var target = BenchProcess.java(work, Cores.ALL, TargetMain.class, arguments);
    return new TestBed(eksnet, work, ca, chain, target, Ports.parse(target.line()));
  }

  Path eksnet() {
    return eksnet;
  }

  Path work() {
    return work;
  }

  Path ca() {
    return ca;
  }

  BenchProcess target() {
    return target;
  }

  Ports ports() {
    return ports;
  }

  /** Gives the target the cores it may use. */
  void targetOn(Cores cores) {
    cores.take(target.pid());
  }

  /** The plain limit: a bare client in a process of its own. */
  BenchProcess floor(TargetKind kind, int delay, String pace, Cores cores) {
    return load("floor", kind, delay, pace, cores);
  }

  /** What asks blackbox_exporter on {@code port} for probes. */
  BenchProcess driver(int port, TargetKind kind, int delay, String pace, Cores cores) {
    return load(Integer.toString(port), kind, delay, pace, cores);
  }

  private BenchProcess load(String subject, TargetKind kind, int delay, String pace, Cores cores) {
    return BenchProcess.java(
        work,
        cores,
        LoadMain.class,
        List.of(
            subject,
            kind.label(),
            Integer.toString(delay),
            Integer.toString(ADDRESSES),
            pace,
            chain.toString(),
            ports.line()));
  }

  /** A port of 127.0.0.1 that nobody uses now. */
  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
  }

  /** What the target counted since it was last asked. */
  ChildCounters answered() {
    return target.mark();
  }

  @Override
  public void close() {
    target.close();
  }
}
