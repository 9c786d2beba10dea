package io.eksnet.cli;

import io.eksnet.lab.Bind;
import io.eksnet.lab.DnsFault;
import io.eksnet.lab.DnsServer;
import io.eksnet.lab.Fault;
import io.eksnet.lab.LabServer;
import io.eksnet.lab.LabWebServer;
import io.eksnet.lab.TcpFault;
import io.eksnet.lab.TcpServer;
import io.eksnet.lab.TestCertificates;
import io.eksnet.lab.WebFault;
import io.eksnet.lab.Zone;
import io.eksnet.model.AddressLiteral;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The services of the lab that a test has opened, and the authority behind their certificates. */
final class Site implements AutoCloseable {
  static final Zone ZONE = Zone.of("shop.lab.test. A 127.0.0.1\nshop.lab.test. AAAA ::1\n");

  /** Beyond the deadline of every row, also where a busy event loop doubles it. */
  private static final Duration DELAY = Duration.ofSeconds(5);

  private final TestCertificates certificates = TestCertificates.of("several.lab.test");
  private final Queue<LabServer<?>> open = new ConcurrentLinkedQueue<>();
  private final Path authority;

  Site(Path directory) {
    authority = directory.resolve("ca.pem");
    try {
      certificates.write(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether this machine has ::1. */
  static boolean hasIp6() {
    try (var socket = new ServerSocket(0, 1, AddressLiteral.parse("::1").orElseThrow())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** The file of the authority to trust. */
  Path authority() {
    return authority;
  }

  DnsServer dns(DnsFault fault, Bind bind) {
    return with(DnsServer.start(ZONE, bind), fault);
  }

  DnsServer dns(DnsFault fault) {
    return dns(fault, Bind.free());
  }

  TcpServer tcp(TcpFault fault, Bind bind) {
    return with(TcpServer.start("hello\r\n", bind), fault);
  }

  TcpServer tcp(TcpFault fault) {
    return tcp(fault, Bind.free());
  }

  LabWebServer http(WebFault fault) {
    return with(LabWebServer.http(), fault);
  }

  LabWebServer https(WebFault fault) {
    return https(fault, Bind.free());
  }

  LabWebServer https(WebFault fault, Bind bind) {
    return with(LabWebServer.https(certificates, bind), fault);
  }

  @Override
  public void close() {
    open.parallelStream().forEach(LabServer::close);
  }

  private <F extends Fault, S extends LabServer<F>> S with(S server, F fault) {
    open.add(server);
    server.delay(DELAY);
    server.fault(fault);
    return server;
  }
}
