package io.eksnet.probe.net;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import org.xbill.DNS.Message;

/** Asks name servers, each time from a new socket: a fresh port, and nothing that waits in it. */
public final class DnsClient {
  private static final SecureRandom IDS = new SecureRandom();

  private final Network network;

  public DnsClient(Network network) {
    this.network = network;
  }

  /**
   * One query and its answer, whatever the answer says. Completes on the event loop by {@code
   * deadline}, with socket and timer closed. Fails with {@link ProbeFailure}, or with {@link
   * LocalFailure} when the prober itself lacks something.
   */
  public Future<Message> ask(
      InetSocketAddress server,
      DnsProto proto,
      DnsQuestion question,
      Deadline deadline,
      DnsTranscript seen) {
    Promise<Message> promise = Promise.promise();
    var exchange =
        new DnsExchange(
            network, server, proto, question, IDS.nextInt(1 << 16), deadline, seen, promise);
    if (network.loop().inEventLoop()) {
      exchange.start();
    } else {
      network.loop().execute(exchange::start);
    }
    return promise.future();
  }

  /** The address as users write it: {@code 10.0.0.10:53}, {@code [fd00::a]:53}. */
  public static String text(InetSocketAddress server) {
    var host = server.getAddress().getHostAddress();
    var isIp6 = server.getAddress() instanceof Inet6Address;
    return (isIp6 ? "[" + host + "]" : host) + ":" + server.getPort();
  }
}
