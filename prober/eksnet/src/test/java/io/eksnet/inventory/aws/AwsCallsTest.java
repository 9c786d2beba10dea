package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.Heard.await;
import static io.eksnet.inventory.aws.Heard.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.inventory.aws.FakeAws.Answer;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

class AwsCallsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Test
  void callsWaitForTheBudgetAndTheWaitIsNoPartOfTheCall() throws Exception {
    var waited = new AtomicLong();
    var pulse =
        new AwsPulse() {
          @Override
          public void call(String service, String operation, String outcome, long nanos) {}

          @Override
          public void waited(String service, long nanos) {
            waited.addAndGet(nanos);
          }
        };
    try (var aws = Blue.aws();
        var calls = AwsCalls.open(withBudget(aws, new RateLimit(4, 1)), pulse)) {
      var begin = System.nanoTime();
      await(Future.all(IntStream.range(0, 5).mapToObj(i -> identity(calls)).toList()));
      assertThat(System.nanoTime() - begin).isGreaterThan(990_000_000L);
      assertThat(waited.get()).isGreaterThan(2_400_000_000L);
      assertThat(aws.asked()).hasSize(5);
    }
  }

  @Test
  void throttlingSlowsTheServiceDownAndAnswersBringItBack() throws Exception {
    try (var aws = Blue.aws();
        var calls = AwsCalls.open(aws.settings(TIMEOUT), AwsPulse.DEAF)) {
      aws.fail(FakeAws.error(400, "Throttling", "Rate exceeded"));
      failure(identity(calls));
      assertThat(calls.share(AwsService.STS)).isEqualTo(0.5);
      assertThat(calls.share(AwsService.EC2)).as("another service").isEqualTo(1);
      aws.repair();
      for (var i = 0; i < 8; i++) {
        await(identity(calls));
      }
      assertThat(calls.share(AwsService.STS)).isEqualTo(1);
    }
  }

  @Test
  void aCallThatNeverEndsIsGivenUp() throws Exception {
    var heard = new Heard();
    try (var aws = Blue.aws();
        var calls = AwsCalls.open(aws.settings(Duration.ofMillis(200)), heard)) {
      var sent = new CompletableFuture<GetCallerIdentityResponse>();
      assertThat(failure(calls.sts("GetCallerIdentity", sts -> sent)))
          .hasMessage("GetCallerIdentity was not answered in time");
      assertThat(heard.calls()).containsExactly("sts GetCallerIdentity timeout");
      assertThatThrownBy(() -> sent.get(10, TimeUnit.SECONDS))
          .isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void aCallThatWasGivenUpBeforeItCouldBeSentIsNeverSent() throws Exception {
    var heard = new Heard();
    var credentials = new CountDownLatch(1);
    var made = new AtomicBoolean();
    try (var aws = Blue.aws();
        var calls = AwsCalls.open(aws.settings(Duration.ofMillis(200)), heard)) {
      IntStream.range(0, 3).forEach(i -> calls.run(() -> waitFor(credentials)));
      var call =
          calls.sts(
              "GetCallerIdentity",
              sts -> {
                made.set(true);
                return new CompletableFuture<GetCallerIdentityResponse>();
              });
      assertThat(failure(call)).hasMessage("GetCallerIdentity was not answered in time");
      credentials.countDown();
      var later = new CountDownLatch(3);
      IntStream.range(0, 3).forEach(i -> calls.run(() -> together(later)));
      waitFor(later);
      assertThat(made).isFalse();
      assertThat(heard.calls()).containsExactly("sts GetCallerIdentity timeout");
    }
  }

  /** On all workers at once: what stood in their queue before has been done. */
  private static void together(CountDownLatch all) {
    all.countDown();
    waitFor(all);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void closingFailsWhatIsUnderWayAndWhatComesLater() throws Exception {
    var aws = Blue.aws();
    try (aws) {
      aws.fail(asked -> Answer.ok("<late/>").after(Duration.ofSeconds(20)));
      var calls = AwsCalls.open(aws.settings(TIMEOUT), AwsPulse.DEAF);
      var source = CallerIdentities.source(calls);
      var under = identity(calls);
      calls.close();
      assertThat(failure(under)).hasMessage("closed before GetCallerIdentity was answered");
      assertThat(failure(identity(calls))).hasMessageContaining("closed before");
      assertThat(failure(source.read(Inventory.EMPTY))).hasMessage("error: closed");
    }
  }

  @Test
  void aReadingRunsOffTheEventLoopAndComesBackToIt() throws Exception {
    var vertx = Vertx.vertx();
    var reader = new AtomicReference<String>();
    try (var aws = Blue.aws();
        var calls = AwsCalls.open(aws.settings(TIMEOUT), AwsPulse.DEAF)) {
      var source =
          new AwsSource<>(
              Resources.CALLER_IDENTITY,
              List.of(),
              calls,
              known -> {
                reader.set(Thread.currentThread().getName());
                return CallerIdentities.source(calls).read(known);
              });
      var context = vertx.getOrCreateContext();
      Promise<Context> answered = Promise.promise();
      context.runOnContext(
          unused ->
              source
                  .read(Inventory.EMPTY)
                  .onComplete(done -> answered.complete(Vertx.currentContext())));
      assertThat(await(answered.future())).isSameAs(context);
      assertThat(reader.get()).startsWith("eksnet-aws-");
    } finally {
      await(vertx.close());
    }
  }

  @Test
  void aBugInAReadingIsAFailureToo() throws Exception {
    try (var aws = Blue.aws();
        var calls = AwsCalls.open(aws.settings(TIMEOUT), AwsPulse.DEAF)) {
      var source =
          new AwsSource<>(
              Resources.CALLER_IDENTITY,
              List.of(),
              calls,
              known -> {
                throw new IllegalStateException("a bug");
              });
      assertThat(failure(source.read(Inventory.EMPTY)))
          .hasMessage("error: IllegalStateException: a bug");
    }
  }

  @Test
  void awsIsToldWhoAsks() throws Exception {
    try (var aws = Blue.aws();
        var calls = AwsCalls.open(aws.settings(TIMEOUT), AwsPulse.DEAF)) {
      await(identity(calls));
      assertThat(aws.asked().get(0).userAgent()).endsWith("eksnet");
    }
  }

  @Test
  void secretsAreNotShown() {
    assertThat(new AwsCredentials.Fixed("AKID", "hush", "quiet").toString())
        .doesNotContain("hush", "quiet");
  }

  private static Future<GetCallerIdentityResponse> identity(AwsCalls calls) {
    return calls.sts("GetCallerIdentity", sts -> sts.getCallerIdentity());
  }

  private static AwsSettings withBudget(FakeAws aws, RateLimit budget) {
    var usual = aws.settings(TIMEOUT);
    return new AwsSettings(
        usual.region(),
        usual.cluster(),
        usual.endpoints(),
        usual.credentials(),
        usual.credentialMethod(),
        TIMEOUT,
        Map.of("sts", budget));
  }
}
