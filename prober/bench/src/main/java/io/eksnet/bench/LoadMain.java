package io.eksnet.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A load, a process of its own: the bare Netty client ("floor"), or the driver that asks
 * blackbox_exporter as Prometheus would.
 */
final class LoadMain {
  private static final int MAX_IN_FLIGHT = 2_000;

  private LoadMain() {}

  /**
   * Arguments: {@code floor} or the port of blackbox_exporter; kind; delay; number of addresses;
   * {@code rate=R} or {@code flight=N}; the file of the target's certificate; and the line of the
   * target's ports.
   */
  public static void main(String[] args) throws Exception {
    var loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()).next();
    var kind = TargetKind.of(args[1]);
    var delay = Integer.parseInt(args[2]);
    var count = Integer.parseInt(args[3]);
    var ports = Ports.parse(args[6]);
    var attempt =
        args[0].equals("floor")
            ? floor(loop, kind, delay, new File(args[5]), sockets(ports, kind, count))
            : new BlackboxDriver(
                loop,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
                kind.label(),
                ports.targets(kind, count, delay));
    var pace = new AttemptStarter(loop, attempt, count, MAX_IN_FLIGHT);
    var amount = Double.parseDouble(args[4].substring(args[4].indexOf('=') + 1));
    var open = args[4].startsWith("rate=");
    loop.execute(() -> start(pace, open, amount));
    ChildCounters.serve(() -> loop.submit(pace::drain).syncUninterruptibly().getNow());
  }

  private static void start(AttemptStarter pace, boolean open, double amount) {
    if (open) {
      pace.open(amount);
    } else {
      pace.closed((int) amount);
    }
  }

  private static X509Certificate leaf(File chain) throws IOException, CertificateException {
    try (var pem = Files.newInputStream(chain.toPath())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
  }

  private static List<InetSocketAddress> sockets(Ports ports, TargetKind kind, int count) {
    return Ports.addresses(count).stream()
        .map(address -> new InetSocketAddress(address, ports.of(kind)))
        .toList();
  }

  private static Attempt floor(
      EventLoop loop, TargetKind kind, int delay, File certificate, List<InetSocketAddress> targets)
      throws Exception {
    return switch (kind) {
      case HTTP -> new PlainHttp(loop, targets, delay, null);
      case HTTPS ->
          new PlainHttp(
              loop,
              targets,
              delay,
              SslContextBuilder.forClient()
                  .sslProvider(SslProvider.OPENSSL)
                  .endpointIdentificationAlgorithm("")
                  .trustManager(new PinnedCertificate(leaf(certificate)))
                  .build());
      case TCP -> new PlainTcp(loop, targets);
      case DNS -> new PlainDns(loop, targets, delay);
    };
  }
}
