package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.RecordedRequests.await;
import static io.eksnet.inventory.aws.RecordedRequests.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.aws.FakeAws.Answer;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

class AwsClientsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final RecordedRequests requests = new RecordedRequests();
  private FakeAws aws;
  private AwsClients clients;

  @BeforeEach
  void open() throws Exception {
    aws = Blue.aws();
    clients = AwsClients.open(aws.settings(TIMEOUT), requests, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    clients.close();
    aws.close();
  }

  @Test
  void requestsWaitForTheRateLimitAndTheWaitIsNotPartOfTheirDuration() throws Exception {
    var waited = new AtomicLong();
    var longest = new AtomicLong();
    var listener =
        new AwsRequestListener() {
          @Override
          public void onRequest(String service, String operation, String outcome, long nanos) {
            longest.accumulateAndGet(nanos, Math::max);
          }

          @Override
          public void onRateLimitWait(String service, long nanos) {
            waited.addAndGet(nanos);
          }
        };
    try (var limited =
        AwsClients.open(withLimit(new RateLimit(4, 1)), listener, Clock.systemUTC())) {
      var start = System.nanoTime();
      await(Future.all(IntStream.range(0, 5).mapToObj(i -> identity(limited)).toList()));
      var elapsed = System.nanoTime() - start;
      assertThat(elapsed).isGreaterThan(990_000_000L);
      assertThat(longest.get()).isLessThan(elapsed);
      assertThat(waited.get()).isGreaterThan(2_000_000_000L);
      assertThat(aws.asked()).hasSize(5);
    }
  }

  @Test
  void throttlingSlowsOneServiceDownAndSuccessesRestoreIt() throws Exception {
    aws.fail(FakeAws.error(400, "Throttling", "Rate exceeded"));
    failure(identity(clients));
    assertThat(clients.limiter(AwsService.STS).fraction()).isEqualTo(0.5);
    assertThat(clients.limiter(AwsService.EC2).fraction()).as("another service").isEqualTo(1);
    aws.repair();
    for (var i = 0; i < 8; i++) {
      await(identity(clients));
    }
    assertThat(clients.limiter(AwsService.STS).fraction()).isEqualTo(1);
  }

  @Test
  void missingCredentialsAreAFailedRequestThatIsCounted() throws Exception {
    Supplier<SdkClientException> missing =
        () -> SdkClientException.create("Unable to load credentials from any of the providers");
    try (var without =
        AwsClients.open(
            aws.settings(TIMEOUT),
            () -> {
              throw missing.get();
            },
            requests,
            Clock.systemUTC())) {
      assertThat(failure(identity(without)))
          .hasMessageStartingWith(
              "error: GetCallerIdentity: there are no credentials; Unable to load credentials");
      assertThat(requests.recorded()).containsExactly("sts GetCallerIdentity error");
      assertThat(aws.asked()).isEmpty();
    }
  }

  @Test
  void closingFailsRequestsInFlightAndLaterOnes() throws Exception {
    aws.fail(asked -> Answer.ok("<late/>").after(Duration.ofSeconds(20)));
    var source = new CallerIdentities(clients);
    var inFlight = source.read(Inventory.EMPTY);
    while (aws.asked().isEmpty()) {
      Thread.sleep(10);
    }
    clients.close();
    assertThat(failure(inFlight)).hasMessageStartingWith("error: ");
    assertThat(failure(source.read(Inventory.EMPTY))).hasMessage("error: closed");
  }

  @Test
  void sourceLoadsOffTheEventLoopAndCompletesOnIt() throws Exception {
    var vertx = Vertx.vertx();
    var thread = new AtomicReference<String>();
    try {
      var source =
          source(
              inventory -> {
                thread.set(Thread.currentThread().getName());
                return Future.succeededFuture(List.of());
              });
      var context = vertx.getOrCreateContext();
      Promise<Context> completedOn = Promise.promise();
      context.runOnContext(
          unused ->
              source
                  .read(Inventory.EMPTY)
                  .onComplete(done -> completedOn.complete(Vertx.currentContext())));
      assertThat(await(completedOn.future())).isSameAs(context);
      assertThat(thread.get()).startsWith("eksnet-aws-");
    } finally {
      await(vertx.close());
    }
  }

  @Test
  void unexpectedExceptionOfASourceIsAFailureToo() throws Exception {
    var source =
        source(
            inventory -> {
              throw new IllegalStateException("a bug");
            });
    assertThat(failure(source.read(Inventory.EMPTY)))
        .hasMessage("error: IllegalStateException: a bug");
  }

  @Test
  void userAgentNamesEksnet() throws Exception {
    await(identity(clients));
    await(endpoints());
    assertThat(aws.asked()).hasSize(2).allMatch(asked -> asked.userAgent().endsWith("eksnet"));
  }

  @Test
  void credentialsAreNotPrinted() {
    assertThat(new AwsCredentials.Fixed("AKID", "hush", "quiet").toString())
        .doesNotContain("hush", "quiet");
  }

  @Test
  void listingContinuesAfterAnEmptyPageWithAToken() throws Exception {
    pages(Map.of("", page("2", "a"), "2", page("3"), "3", page("", "b")));
    assertThat(await(endpoints())).extracting(VpcEndpoint::vpcEndpointId).containsExactly("a", "b");
  }

  @Test
  void listingFailsWhenATokenIsReturnedTwice() throws Exception {
    pages(Map.of("", page("2", "a"), "2", page("2", "b")));
    assertThat(failure(endpoints()))
        .hasMessage("error: DescribeVpcEndpoints: the same page token was returned twice");
    assertThat(aws.asked()).hasSize(2);
  }

  @Test
  void listingFailsWhenItDoesNotEnd() throws Exception {
    var page = new AtomicInteger();
    aws.on("DescribeVpcEndpoints", asked -> Answer.ok(page("t" + page.incrementAndGet())));
    assertThat(failure(endpoints())).hasMessage("error: DescribeVpcEndpoints: more than 200 pages");
    assertThat(page).hasValue(200);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "500, InternalError",
    "503, Unavailable",
    "400, Throttling",
    "503, RequestLimitExceeded",
    "0, a broken connection"
  })
  void listingSurvivesOneFailedPage(int status, String code) throws Exception {
    var failed = new AtomicBoolean();
    aws.on(
        "DescribeVpcEndpoints",
        asked -> {
          if (!asked.params().containsKey("NextToken")) {
            return Answer.ok(page("2", "a"));
          }
          if (failed.compareAndSet(false, true)) {
            return status == 0
                ? Answer.nothing()
                : FakeAws.error(status, code, "not now").apply(asked);
          }
          return Answer.ok(page("", "b"));
        });

    assertThat(await(endpoints())).extracting(VpcEndpoint::vpcEndpointId).containsExactly("a", "b");
    assertThat(aws.asked()).as("the failed page is repeated, not the listing").hasSize(3);
  }

  @Test
  void listingFailsWhenAPageFails() throws Exception {
    aws.on(
        "DescribeVpcEndpoints",
        asked ->
            asked.params().containsKey("NextToken")
                ? FakeAws.error(403, "UnauthorizedOperation", "no").apply(asked)
                : Answer.ok(page("2", "a")));
    assertThat(failure(endpoints()))
        .hasMessage("denied: DescribeVpcEndpoints: UnauthorizedOperation: no");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void manySequentialCallsNeedNoDeepStack(boolean elsewhere) throws Exception {
    var items = IntStream.range(0, 20_000).boxed().toList();
    var calls = clients.each(items, item -> elsewhere ? later(item) : Future.succeededFuture(item));
    assertThat(await(calls)).isEqualTo(items);
  }

  @Test
  void nextCallStartsWhenTheLastHasEnded() throws Exception {
    var inFlight = new AtomicInteger();
    var seen = new ArrayList<Integer>();
    await(
        clients.each(
            List.of(1, 2, 3),
            item -> {
              seen.add(inFlight.incrementAndGet());
              return later(item).onComplete(done -> inFlight.decrementAndGet());
            }));
    assertThat(seen).containsExactly(1, 1, 1);
  }

  @Test
  void batchesHaveAtMostTheirSizeAndLoseNothing() throws Exception {
    var items = IntStream.range(0, 450).boxed().toList();
    var sizes = new ArrayList<Integer>();
    var all =
        clients.batches(
            items,
            200,
            batch -> {
              sizes.add(batch.size());
              return Future.succeededFuture(batch);
            });
    assertThat(await(all)).isEqualTo(items);
    assertThat(sizes).containsExactly(200, 200, 50);
  }

  @Test
  void deletedObjectIsEmptyAndOtherFailuresStay() throws Exception {
    var deleted = new AwsException(Reason.ERROR, "ResourceNotFoundException", "no such add-on");
    var denied = new AwsException(Reason.DENIED, "AccessDeniedException", "no");
    assertThat(await(AwsClients.ifFound(Future.failedFuture(deleted)))).isEmpty();
    assertThat(await(AwsClients.ifFound(Future.succeededFuture("a")))).contains("a");
    assertThat(failure(AwsClients.ifFound(Future.failedFuture(denied)))).isSameAs(denied);
  }

  private void pages(Map<String, String> byToken) {
    aws.on(
        "DescribeVpcEndpoints",
        asked ->
            Answer.ok(byToken.getOrDefault(asked.params().getOrDefault("NextToken", ""), "]]>")));
  }

  private static String page(String token, String... ids) {
    var items =
        List.of(ids).stream()
            .map("<item><vpcEndpointId>%s</vpcEndpointId></item>"::formatted)
            .toArray(String[]::new);
    return Blue.page("DescribeVpcEndpointsResponse", "vpcEndpointSet", token, items);
  }

  private Future<List<VpcEndpoint>> endpoints() {
    return clients.run(
        () ->
            AwsClients.list(
                clients.ec2().describeVpcEndpointsPaginator(), page -> page.vpcEndpoints()));
  }

  private AwsSource<List<io.eksnet.model.inventory.VpcEndpoint>> source(
      Function<Inventory, Future<List<io.eksnet.model.inventory.VpcEndpoint>>> load) {
    return new AwsSource<>(clients, Resources.VPC_ENDPOINTS, List.of()) {
      @Override
      Future<List<io.eksnet.model.inventory.VpcEndpoint>> load(Inventory inventory) {
        return load.apply(inventory);
      }
    };
  }

  private static Future<GetCallerIdentityResponse> identity(AwsClients clients) {
    return clients.run(() -> AwsClients.future(clients.sts().getCallerIdentity()));
  }

  private static <T> Future<T> later(T value) {
    var promise = Promise.<T>promise();
    CompletableFuture.runAsync(() -> promise.complete(value));
    return promise.future();
  }

  private AwsSettings withLimit(RateLimit limit) {
    var usual = aws.settings(TIMEOUT);
    return new AwsSettings(
        usual.region(),
        usual.cluster(),
        usual.endpoints(),
        usual.credentials(),
        usual.credentialMethod(),
        TIMEOUT,
        Map.of("sts", limit));
  }
}
