package io.eksnet.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.probe.net.LoopbackDns;
import io.eksnet.probe.net.Network;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Rcode;

@Timeout(60)
class DnsDiscoveryTest {
  private final Network network = Network.open();
  private final DnsDiscovery discovery = new DnsDiscovery(network);

  @AfterEach
  void close() {
    network.close();
  }

  private static String text(LoopbackDns server) {
    return "127.0.0.1:" + server.port();
  }

  @Test
  void findsServersThatAnswerWithinASecond() {
    // loads the classes of sockets and messages, which takes most of a second on a busy machine
    try (var other = LoopbackDns.answering()) {
      discovery.answering(List.of(text(other))).await();
    }
    try (var fine = LoopbackDns.that(query -> query.reply(Rcode.REFUSED));
        var silent = LoopbackDns.silent();
        var closed = LoopbackDns.silent()) {
      closed.stop();
      var start = System.nanoTime();
      assertThat(discovery.answering(List.of(text(silent), text(fine), text(closed))).await())
          .containsExactly(text(fine));
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(3));
    }
  }

  @Test
  void keepsServersThatAnsweredOnce() {
    try (var server = LoopbackDns.answering()) {
      discovery.answering(List.of(text(server))).await();
      server.stop();
      assertThat(discovery.answering(List.of(text(server))).await()).containsExactly(text(server));
      assertThat(server.received()).hasSize(1);
    }
  }

  @Test
  void forgetsServersThatAreNoLongerListed() {
    try (var one = LoopbackDns.answering();
        var other = LoopbackDns.answering()) {
      discovery.answering(List.of(text(one), text(other))).await();
      assertThat(discovery.answering(List.of(text(other))).await()).containsExactly(text(other));
    }
  }

  @Test
  void findsNothingWithoutServers() {
    assertThat(discovery.answering(List.of()).await()).isEmpty();
  }
}
