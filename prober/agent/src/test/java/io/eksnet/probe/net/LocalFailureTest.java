package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.eksnet.model.Outcome;
import io.eksnet.schedule.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** What keeps a run from running ends it as {@code prober}, with few lines in the log. */
class LocalFailureTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private final VirtualTime time = new VirtualTime();
  private final Logger logger = (Logger) LoggerFactory.getLogger(RateLimitedLogger.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
  }

  private Outcome run(Consumer<Run> work) {
    return time.await(Run.on(time.network(), TIMEOUT, work));
  }

  static List<Consumer<Run>> failingRuns() {
    return List.of(
        run -> run.fail(new SocketException("Too many open files")),
        run -> run.fail(new SocketException("No buffer space available")),
        run -> run.fail(new BindException("Cannot assign requested address: /10.0.0.1:443")),
        run -> run.fail(new LocalFailure("the file /tls/ca.pem cannot be read")),
        run -> run.fail(new OutOfMemoryError("failed to allocate 4194304 byte(s)")),
        run -> run.await(Future.failedFuture(new StackOverflowError("planted")), done -> {}),
        run -> {
          throw new StackOverflowError("planted");
        },
        run -> {
          throw new IllegalStateException("planted");
        },
        run -> {
          throw new NoClassDefFoundError("planted");
        });
  }

  @ParameterizedTest
  @MethodSource("failingRuns")
  void endsTheRunAsAFailureOfTheProber(Consumer<Run> work) {
    var outcome = run(work);

    Bench.isLocalFailure(outcome);
    assertThat(log.list).hasSize(1);
    assertThat(time.hasTimer()).isFalse();
  }

  /** In a handler of the pipeline an error reaches the run instead of being lost in it. */
  @Test
  void anErrorWhileAResponseIsReadEndsTheRun() throws Exception {
    try (var bench = Bench.with(Map.of());
        var server = RawServer.of(socket -> RawServer.say(socket, "hello"))) {
      var outcome =
          Bench.await(
              Run.on(
                  bench.network(),
                  TIMEOUT,
                  run ->
                      new Connection(run) {
                        @Override
                        protected void onReady(ChannelHandlerContext ctx) {}

                        @Override
                        protected void onMessage(ChannelHandlerContext ctx, Object message) {
                          assertThat(((ByteBuf) message).isReadable()).isTrue();
                          throw new StackOverflowError("planted");
                        }
                      }.open(
                          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                          Optional.empty())));

      Bench.isLocalFailure(outcome);
    }
  }

  /** As 199 targets each second whose hosts have no free port left. */
  @Test
  void logsOnceAMinuteForEachKindWhateverTheAddresses() {
    for (var second = 0; second < 150; second++) {
      IntStream.range(0, 199)
          .forEach(
              target ->
                  run(
                      run ->
                          run.fail(
                              new BindException(
                                  "Cannot assign requested address: /10.0.0." + target + ":443"))));
      run(run -> run.fail(new SocketException("Too many open files")));
      time.advance(Duration.ofSeconds(1));
    }

    assertThat(log.list).extracting(LocalFailureTest::kind).hasSize(6);
    assertThat(log.list)
        .filteredOn(event -> kind(event).equals("EADDRNOTAVAIL"))
        .hasSize(3)
        .extracting(event -> field(event, "reason"))
        .containsOnly("Cannot assign requested address");
    assertThat(field(log.list.get(log.list.size() - 1), "suppressed")).isEqualTo("59");
  }

  @Test
  void aBugIsLoggedWithItsStackTrace() {
    run(
        run -> {
          throw new IllegalStateException("planted");
        });

    assertThat(log.list)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getMessage()).contains("please report this bug");
              assertThat(event.getThrowableProxy().getMessage()).isEqualTo("planted");
            });
  }

  @Test
  void anUnknownErrorOfASocketIsOfThePeer() {
    assertThat(run(run -> run.fail(new IOException("something new"))).failed()).isTrue();
    assertThat(log.list).isEmpty();
  }

  /** As without a file descriptor to load a class of the logger with. */
  @Test
  void endsTheRunAlthoughItsLogEventCannotBeWritten() {
    var broken =
        new ListAppender<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            throw new NoClassDefFoundError("planted");
          }
        };
    broken.start();
    logger.addAppender(broken);
    try {
      Bench.isLocalFailure(run(run -> run.fail(new SocketException("Too many open files"))));
      Bench.isLocalFailure(run(run -> run.fail(new IllegalStateException("planted"))));
    } finally {
      logger.detachAppender(broken);
    }
    assertThat(time.hasTimer()).isFalse();
  }

  private static String kind(ILoggingEvent event) {
    return field(event, "kind");
  }

  private static String field(ILoggingEvent event, String name) {
    return event.getKeyValuePairs().stream()
        .filter(pair -> pair.key.equals(name))
        .map(pair -> String.valueOf(pair.value))
        .findFirst()
        .orElse("");
  }
}
