package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.model.Cause;
import io.eksnet.model.HostNames;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.ResolvConf;
import io.eksnet.model.Target;
import io.eksnet.probe.tcp.TcpKind;
import io.eksnet.probe.tcp.TcpSettings;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Names of a plan, which a real name server leads astray. */
@Timeout(60)
class BoundedNetworkTest {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private ServerSocket listener;

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    listener.setSoTimeout(200);
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A 127.0.0.1",
        "A 169.254.169.254",
        "A 169.254.170.23",
        "A 0.0.0.0",
        "A 255.255.255.255",
        "AAAA ::1",
        "AAAA fe80::1",
        "AAAA fd00:ec2::254",
        "AAAA ::ffff:169.254.169.254",
      })
  void rejectsPlanNamesThatResolveToNodeServices(String record) {
    try (var server = answering(record)) {
      var outcome = connect(network(server).within(AllowedTargets.CLUSTER::admits));

      assertThat(outcome).isInstanceOf(Outcome.Failure.class);
      var failure = (Outcome.Failure) outcome;
      assertThat(failure.phase()).isEqualTo(Phase.RESOLVE);
      assertThat(failure.cause()).isEqualTo(Cause.WRONG_ANSWER);
      assertThat(failure.detail()).startsWith("shop.example. resolves to ");
      assertThatThrownBy(() -> listener.accept()).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void rejectsResponsesWithOneForbiddenAddress() {
    try (var server = answering("A 127.0.0.1", "A 169.254.169.254")) {
      var outcome = connect(network(server).within(AllowedTargets.THIS_HOST::admits));

      assertThat(((Outcome.Failure) outcome).detail()).contains("169.254.169.254");
      assertThatThrownBy(() -> listener.accept()).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void allowsAnyAddressForConfiguredNames() throws IOException {
    try (var server = answering("A 127.0.0.1")) {
      assertThat(connect(network(server))).isInstanceOf(Outcome.Success.class);
      listener.accept().close();
      assertThat(connect(network(server).within(AllowedTargets.THIS_HOST::admits)))
          .as("in the lab")
          .isInstanceOf(Outcome.Success.class);
    }
  }

  private static LoopbackDns answering(String... records) {
    var type = records[0].startsWith("AAAA") ? Type.AAAA : Type.A;
    return LoopbackDns.that(
        query -> query.reply(Rcode.NOERROR, query.type() == type ? records : new String[0]));
  }

  private Network network(LoopbackDns server) {
    var names = new HostNames(new ResolvConf(List.of("127.0.0.1"), List.of(), 1), Map.of());
    return Network.on(loops.next(), new SystemResolver(() -> names, server.port()));
  }

  private Outcome connect(Network network) {
    var target = Target.of("shop", "shop.example.", listener.getLocalPort());
    return new TcpKind()
        .create(TcpSettings.DEFAULT, network)
        .run(target, Duration.ofSeconds(5))
        .await();
  }
}
