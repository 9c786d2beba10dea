package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SocketErrorsTest {
  private static final InetAddress V4 = Literals.parse("127.0.0.1").orElseThrow();
  private static final InetAddress V6 = Literals.parse("::1").orElseThrow();

  static Stream<Arguments> ofThePeer() {
    return Stream.of(
        Arguments.of(new ConnectException("Connection refused"), Cause.CONN_REFUSED),
        Arguments.of(
            new ConnectException("finishConnect(..) failed with error(-111): Connection refused"),
            Cause.CONN_REFUSED),
        Arguments.of(new SocketException("Network is unreachable"), Cause.UNREACHABLE),
        Arguments.of(new NoRouteToHostException("irgendwas"), Cause.UNREACHABLE),
        Arguments.of(
            new ConnectException("finishConnect(..) failed with error(-113): No route to host"),
            Cause.UNREACHABLE),
        Arguments.of(new SocketException("Permission denied"), Cause.UNREACHABLE),
        Arguments.of(
            new ConnectException("connect(..) failed with error(-1): Operation not permitted"),
            Cause.UNREACHABLE),
        Arguments.of(new ConnectException("Connection timed out"), Cause.TIMEOUT),
        Arguments.of(new SocketException("Connection reset"), Cause.RESET),
        Arguments.of(new IOException("Broken pipe"), Cause.RESET),
        Arguments.of(Errors.newIOException("readAddress", -104), Cause.RESET),
        Arguments.of(new ClosedChannelException(), Cause.RESET),
        Arguments.of(new IOException("something new"), Cause.RESET));
  }

  @ParameterizedTest
  @MethodSource("ofThePeer")
  void epollAndNioSayTheSame(Exception error, Cause cause) {
    var trouble = (ProbeFailure) SocketErrors.of(error, Phase.TLS, V4).orElseThrow();

    assertThat(trouble.reason()).isEqualTo(cause);
    assertThat(trouble.phase()).isEqualTo(Phase.TLS);
  }

  static Stream<Exception> ofTheProber() {
    return Stream.of(
        new ChannelException(
            "Failed to open a socket.", new SocketException("Too many open files")),
        new ChannelException(Errors.newIOException("newSocketStream", -24)),
        new BindException("Cannot assign requested address"),
        Errors.newIOException("connect", -99),
        new SocketException("No buffer space available"));
  }

  @ParameterizedTest
  @MethodSource("ofTheProber")
  void whatTheProberRunsOutOfIsNotTheTargetsFault(Exception error) {
    assertThat(SocketErrors.of(error, Phase.CONNECT, V4)).get().isInstanceOf(LocalFailure.class);
  }

  @Test
  void noAddressOfOurOwnForAnIpv6OneIsNoRouteToIt() {
    var trouble =
        (ProbeFailure)
            SocketErrors.of(new BindException("Cannot assign requested address"), Phase.CONNECT, V6)
                .orElseThrow();

    assertThat(trouble.reason()).isEqualTo(Cause.UNREACHABLE);
  }

  @Test
  void aMistakeOfTheProgramIsNoErrorOfASocket() {
    assertThat(SocketErrors.of(new IllegalStateException("oops"), Phase.CONNECT, V4)).isEmpty();
  }
}
