package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.Readings.read;
import static io.eksnet.inventory.aws.Readings.with;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.aws.FakeAws.Answer;
import io.eksnet.model.MovedClock;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How old the health of 500 target groups becomes, at virtual time. The controller has its default
 * rate limit; the account has that of the Elastic Load Balancing User Guide ("API request
 * throttling"), of which other controllers use as much as eksnet leaves.
 */
class TargetHealthAgeTest {
  private static final int GROUPS = 500;
  private static final Duration ROUND = ofSeconds(30);
  private static final RateLimit ACCOUNT = new RateLimit(10, 40);
  private static final double OTHERS_PER_SECOND = 7;
  private static final List<Integer> UNHEALTHY = IntStream.range(0, 30).boxed().toList();
  private static final int DEPLOYED = 400;

  private final MovedClock clock = new MovedClock(Readings.NOW);
  private final RateLimiter own = new RateLimiter(AwsService.ELBV2.defaultLimit(), this::nanos);
  private final RateLimiter account = new RateLimiter(ACCOUNT, this::nanos);
  private final Map<String, Instant> readAt = new ConcurrentHashMap<>();
  private final Map<String, Duration> maxAge = new ConcurrentHashMap<>();
  private double requestsOfOthers;
  private int throttled;
  private FakeAws aws;
  private AwsClients clients;
  private TargetHealthPoll poll;

  @BeforeEach
  void start() throws Exception {
    aws = new FakeAws();
    aws.on(
        "DescribeTargetHealth",
        asked -> answer(String.valueOf(asked.params().get("TargetGroupArn"))));
    var settings = aws.settings(ofSeconds(10));
    clients =
        AwsClients.open(
            new AwsSettings(
                settings.region(),
                settings.cluster(),
                settings.endpoints(),
                settings.credentials(),
                settings.credentialMethod(),
                settings.callTimeout(),
                // the test waits for the rate limit at virtual time
                Map.of(
                    "elbv2", new RateLimit(AwsService.ELBV2.defaultLimit().perSecond(), 100_000))),
            AwsRequestListener.NOOP,
            clock);
    poll = new TargetHealthPoll(clients);
  }

  @AfterEach
  void stop() {
    clients.close();
    aws.close();
  }

  @Test
  void unsettledAndChangedGroupsAreAtMostHalfAMinuteOldWithoutThrottling() throws Exception {
    rounds(9, 1);
    assertThat(readAt).as("all were read").hasSize(GROUPS);
    maxAge.clear();

    var health = rounds(4, 1);

    assertThat(agesOf(UNHEALTHY.stream().map(TargetHealthAgeTest::arn)))
        .allSatisfy(age -> assertThat(age).isLessThanOrEqualTo(ROUND.plusSeconds(1)));
    var interval = TargetHealthPoll.interval(GROUPS, AwsService.ELBV2.defaultLimit());
    assertThat(health)
        .hasSize(GROUPS)
        .allSatisfy(
            group -> {
              var at = group.targets().at();
              assertThat(at).isEqualTo(readAt.get(group.targetGroupArn()));
              assertThat(Duration.between(at, clock.instant())).isLessThanOrEqualTo(interval);
            });

    rounds(1, 2);
    maxAge.clear();
    rounds(2, 2);

    assertThat(agesOf(Stream.of(arn(DEPLOYED))))
        .singleElement()
        .satisfies(age -> assertThat(age).isLessThanOrEqualTo(ROUND.plusSeconds(1)));
    assertThat(throttled).isZero();
  }

  private List<GroupHealth> rounds(int count, int replicas) throws Exception {
    List<GroupHealth> health = List.of();
    for (var round = 0; round < count; round++) {
      var start = clock.instant();
      health = read(poll, cluster(replicas));
      clock.forward(ROUND.minus(Duration.between(start, clock.instant())));
    }
    return health;
  }

  private Stream<Duration> agesOf(Stream<String> arns) {
    return arns.map(arn -> Optional.ofNullable(maxAge.get(arn)).orElseThrow());
  }

  private Answer answer(String arn) {
    for (var wait = own.tryAcquire(); wait > 0; wait = own.tryAcquire()) {
      clock.forward(Duration.ofNanos(wait));
      requestsOfOthers += wait / 1e9 * OTHERS_PER_SECOND;
    }
    for (; requestsOfOthers >= 1; requestsOfOthers--) {
      account.tryAcquire();
    }
    if (account.tryAcquire() > 0) {
      throttled++;
    }
    var now = clock.instant();
    var before = readAt.put(arn, now);
    if (before != null) {
      maxAge.merge(arn, Duration.between(before, now), (a, b) -> a.compareTo(b) > 0 ? a : b);
    }
    var state =
        UNHEALTHY.stream().anyMatch(group -> arn(group).equals(arn)) ? "unhealthy" : "healthy";
    return Answer.ok(
        """
        <DescribeTargetHealthResponse><DescribeTargetHealthResult><TargetHealthDescriptions>
        <member><HealthCheckPort>9090</HealthCheckPort>
        <TargetHealth><State>%s</State></TargetHealth>
        <Target><Port>8080</Port><Id>10.0.0.1</Id></Target></member>
        </TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>
        """
            .formatted(state));
  }

  private long nanos() {
    return Duration.between(Readings.NOW, clock.instant()).toNanos();
  }

  /** A Service with so many replicas is bound to one of the groups. */
  private static Inventory cluster(int replicas) {
    var groups = IntStream.range(0, GROUPS).mapToObj(TargetHealthAgeTest::group).toList();
    var endpoints =
        IntStream.range(0, replicas)
            .mapToObj(i -> new Endpoint("10.0.1." + i, true, false, ""))
            .toList();
    var service =
        new KubeService(
            "shop",
            "web",
            "ClusterIP",
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            Set.of(),
            Optional.of(endpoints),
            Optional.empty());
    var binding =
        new TargetGroupBinding("shop", "web", "web", "80", arn(DEPLOYED), Optional.empty());
    return with(
        with(
            with(Inventory.EMPTY, Resources.TARGET_GROUPS, groups),
            Resources.SERVICES,
            List.of(service)),
        Resources.TARGET_GROUP_BINDINGS,
        List.of(binding));
  }

  private static String arn(int group) {
    return "tg-%03d".formatted(group);
  }

  private static TargetGroup group(int number) {
    return new TargetGroup(
        arn(number),
        arn(number),
        "HTTP",
        "HTTP1",
        80,
        "ip",
        List.of("lb"),
        new HealthCheck(true, "HTTP", "traffic-port", "/", "200", ofSeconds(15), ofSeconds(5)),
        Optional.empty());
  }
}
