package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.RecordedRequests.await;
import static io.eksnet.inventory.aws.RecordedRequests.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.eksnet.inventory.SourceException;
import io.eksnet.inventory.aws.FakeAws.Answer;
import io.eksnet.inventory.aws.FakeAws.Asked;
import io.eksnet.model.inventory.Inventory;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which AWS can fail, against every source. */
class AwsFaultsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("RequestLimitExceeded", 503, "throttled", "RequestLimitExceeded: as configured"),
        fault("ThrottlingException", 400, "throttled", "ThrottlingException: as configured"),
        fault("TooManyRequestsException", 429, "throttled", "TooManyRequestsException"),
        fault("UnauthorizedOperation", 403, "denied", "UnauthorizedOperation: as configured"),
        fault("AccessDenied", 403, "denied", "AccessDenied: as configured"),
        fault("AccessDeniedException", 403, "denied", "AccessDeniedException: as configured"),
        fault("ExpiredToken", 403, "error", "the credentials have expired"),
        fault("ExpiredTokenException", 400, "error", "the credentials have expired"),
        fault("InvalidClientTokenId", 403, "error", "AWS does not accept the credentials"),
        fault("AuthFailure", 401, "error", "AWS does not accept the credentials"),
        fault("SignatureDoesNotMatch", 403, "error", "AWS does not accept the credentials"),
        fault("RequestExpired", 400, "error", "the clock of this host is wrong"),
        fault("OptInRequired", 403, "error", "is not enabled for this account"),
        fault("UnknownForbidden", 403, "denied", "UnknownForbidden: as configured"),
        fault("NotAuthorized", 400, "denied", "NotAuthorized: as configured"),
        fault("InternalError", 500, "error", "InternalError: as configured (HTTP 500)"),
        arguments(
            "a broken connection",
            (Function<Asked, Answer>) asked -> Answer.nothing(),
            "error",
            ""),
        arguments(
            "no XML and no JSON",
            (Function<Asked, Answer>) asked -> Answer.ok("]]>"),
            "error",
            ""));
  }

  private static Arguments fault(String code, int status, String outcome, String detail) {
    return arguments(code, FakeAws.error(status, code, "as configured"), outcome, detail);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void everySourceFailsWithTheOutcomeOfTheFaultUntilItIsOver(
      String name, Function<Asked, Answer> fault, String outcome, String detail) throws Exception {
    var requests = new RecordedRequests();
    try (var aws = Blue.aws();
        var facts = AwsFacts.open(aws.settings(TIMEOUT), requests, clock())) {
      aws.fail(fault);
      for (var read : readAll(facts).entrySet()) {
        var failure = failure(read.getValue());
        assertThat(failure).as("%s: %s", name, read.getKey()).isInstanceOf(SourceException.class);
        assertThat(((SourceException) failure).lack().reason().label()).isEqualTo(outcome);
        assertThat(((SourceException) failure).lack().detail()).contains(detail);
      }
      assertThat(requests.recorded()).isNotEmpty().allMatch(call -> call.endsWith(" " + outcome));
      assertThat(aws.asked())
          .as("the SDK repeats a call once at most")
          .hasSizeBetween(requests.recorded().size(), 2 * requests.recorded().size());
      aws.repair();
      for (var read : readAll(facts).entrySet()) {
        assertThat(await(read.getValue())).as(read.getKey()).isNotNull();
      }
    }
  }

  @Test
  void lateResponseIsATimeout() throws Exception {
    var requests = new RecordedRequests();
    try (var aws = Blue.aws();
        var facts = AwsFacts.open(aws.settings(Duration.ofMillis(400)), requests, clock())) {
      aws.fail(asked -> Answer.ok("<late/>").after(Duration.ofSeconds(20)));
      for (var read : readAll(facts).entrySet()) {
        var failure = (SourceException) failure(read.getValue());
        assertThat(failure.lack().reason().label()).as(read.getKey()).isEqualTo("timeout");
        assertThat(failure.lack().detail()).endsWith("was not answered in time");
      }
      assertThat(requests.recorded()).isNotEmpty().allMatch(call -> call.endsWith(" timeout"));
    }
  }

  @Test
  void refusedConnectionIsAnError() throws Exception {
    AwsSettings settings;
    try (var gone = new FakeAws()) {
      settings = gone.settings(TIMEOUT);
    }
    try (var facts = AwsFacts.open(settings, new RecordedRequests(), clock())) {
      for (var read : readAll(facts).values()) {
        assertThat(((SourceException) failure(read)).lack().reason().label()).isEqualTo("error");
      }
    }
  }

  @Test
  void endlessListingIsAnError() throws Exception {
    var requests = new RecordedRequests();
    try (var aws = Blue.aws();
        var facts = AwsFacts.open(aws.settings(TIMEOUT), requests, clock())) {
      var page = new AtomicInteger();
      aws.on(
          "DescribeVpcEndpoints",
          asked ->
              Answer.ok(
                  Blue.page(
                      "DescribeVpcEndpointsResponse",
                      "vpcEndpointSet",
                      "t" + page.incrementAndGet())));
      assertThat(failure(read(facts, "vpc_endpoints", Blue.known())))
          .hasMessage("error: DescribeVpcEndpoints: more than 200 pages");
      assertThat(page).hasValue(200);
    }
  }

  @Test
  void unknownClusterIsReportedWithItsReason() throws Exception {
    try (var aws = Blue.aws();
        var facts = AwsFacts.open(aws.settings(TIMEOUT), AwsRequestListener.NOOP, clock())) {
      assertThat(failure(read(facts, "subnets", Inventory.EMPTY)))
          .hasMessage("not_yet: needs cluster, which is not known: not read yet");
      assertThat(aws.asked()).isEmpty();
    }
  }

  private static Map<String, Future<?>> readAll(AwsFacts facts) {
    var reads = new LinkedHashMap<String, Future<?>>();
    for (var source : facts.sources()) {
      reads.put(source.resource().name(), source.read(Blue.known()));
    }
    return reads;
  }

  static Future<?> read(AwsFacts facts, String part, Inventory known) {
    return facts.sources().stream()
        .filter(source -> source.resource().name().equals(part))
        .map(source -> (Future<?>) source.read(known))
        .findFirst()
        .orElseThrow();
  }

  static Clock clock() {
    return Clock.fixed(Blue.NOW, ZoneOffset.UTC);
  }
}
