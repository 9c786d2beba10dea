package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorClassifierTest {

  /** The class of native errors must not be the first to need the library, or epoll is lost. */
  @BeforeAll
  static void loadNativeLibrary() {
    Epoll.ensureAvailability();
  }

  static Stream<Arguments> peerErrors() {
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
  @MethodSource("peerErrors")
  void classifiesErrorsOfEpollAndNioAlike(Exception error, Cause cause) {
    var failure = (ProbeFailure) ErrorClassifier.classify(error, Phase.TLS);

    assertThat(failure.reason()).isEqualTo(cause);
    assertThat(failure.phase()).isEqualTo(Phase.TLS);
  }

  static Stream<? extends Exception> localErrors() {
    return Stream.of(
        new ChannelException(
            "Failed to open a socket.", new SocketException("Too many open files")),
        new ChannelException(Errors.newIOException("newSocketStream", -24)),
        new BindException("Cannot assign requested address"),
        new BindException("Cannot assign requested address: /[fd00:0:0:0:0:0:0:1]:443"),
        Errors.newIOException("connect", -99),
        new SocketException("No buffer space available"),
        Errors.newIOException("newSocketStream", -23),
        Errors.newIOException("epoll_ctl add", -28),
        new IOException("Cannot allocate memory"));
  }

  @ParameterizedTest
  @MethodSource("localErrors")
  void doesNotBlameThePeerForExhaustedLocalResources(Exception error) {
    assertThat(ErrorClassifier.classify(error, Phase.CONNECT)).isInstanceOf(LocalFailure.class);
  }

  /** The kind limits the log, so that sockets of epoll and of NIO must agree on it. */
  @Test
  void namesTheErrorNumberOfALocalFailure() {
    assertThat(localErrors())
        .extracting(e -> ((LocalFailure) ErrorClassifier.classify(e, Phase.CONNECT)).kind())
        .containsExactly(
            "EMFILE",
            "EMFILE",
            "EADDRNOTAVAIL",
            "EADDRNOTAVAIL",
            "EADDRNOTAVAIL",
            "ENOBUFS",
            "ENFILE",
            "ENOSPC",
            "ENOMEM");
  }

  @Test
  void reportsExhaustedDirectMemoryAsALocalFailure() {
    assertThat(
            ErrorClassifier.classify(
                new IllegalStateException(new OutOfMemoryError("direct")), Phase.CONNECT))
        .isInstanceOfSatisfying(
            LocalFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo("OutOfMemoryError"));
  }

  @Test
  void namesNoPeerInALocalFailure() {
    var error = new BindException("Cannot assign requested address: /10.0.0.1:443");

    assertThat(ErrorClassifier.classify(error, Phase.CONNECT))
        .hasMessage("Cannot assign requested address");
  }

  @Test
  void leavesOtherExceptionsAsTheyAre() {
    var bug = new IllegalStateException("oops");

    assertThat(ErrorClassifier.classify(bug, Phase.CONNECT)).isSameAs(bug);
  }
}
