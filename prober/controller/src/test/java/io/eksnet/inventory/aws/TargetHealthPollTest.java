package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.Readings.lack;
import static io.eksnet.inventory.aws.Readings.read;
import static io.eksnet.inventory.aws.Readings.with;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.aws.FakeAws.Answer;
import io.eksnet.model.MovedClock;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetHealthPollTest {
  private static final String OPERATION = "DescribeTargetHealth";

  private final Map<String, Function<FakeAws.Asked, Answer>> groups = new ConcurrentHashMap<>();
  private final MovedClock clock = new MovedClock(Readings.NOW);
  private FakeAws aws;
  private AwsClients clients;
  private TargetHealthPoll poll;

  @BeforeEach
  void start() throws Exception {
    aws = new FakeAws();
    aws.on(OPERATION, asked -> answer(asked));
    clients = AwsClients.open(aws.settings(ofSeconds(10)), AwsRequestListener.NOOP, clock);
    poll = new TargetHealthPoll(clients);
  }

  @AfterEach
  void stop() {
    clients.close();
    aws.close();
  }

  @Test
  void stateReasonAndHealthCheckPortAreRead() throws Exception {
    groups.put("tg-1", healthOf("10.0.0.1", "unhealthy", "Target.Timeout", "Request timed out"));

    var health = read(poll, known("tg-1"));

    assertThat(health.get(0).targets().value())
        .contains(
            List.of(
                new TargetHealth(
                    "tg-1",
                    "10.0.0.1",
                    8080,
                    "",
                    "unhealthy",
                    "Target.Timeout",
                    "Request timed out",
                    9090)));
  }

  @Test
  void aGroupThatFailsMakesOnlyItselfOld() throws Exception {
    groups.put("tg-1", healthOf("10.0.0.1", "healthy", "", ""));
    groups.put("tg-2", healthOf("10.0.0.2", "healthy", "", ""));
    read(poll, known("tg-1", "tg-2"));
    clock.forward(ofSeconds(30));
    groups.put("tg-1", FakeAws.error(500, "HealthUnavailable", "not now"));
    groups.put("tg-2", healthOf("10.0.0.2", "unhealthy", "Target.Timeout", "Request timed out"));

    var health = read(poll, known("tg-1", "tg-2"));

    assertThat(states(health)).containsExactly("healthy", "unhealthy");
    assertThat(health.get(0).targets().unavailable())
        .map(Unavailable::reason)
        .contains(Unavailable.Reason.ERROR);
    assertThat(health.get(0).targets().at()).isEqualTo(Readings.NOW);
    assertThat(health.get(1).targets().fresh()).isTrue();
  }

  @Test
  void remembersWhenNoTargetWasDraining() throws Exception {
    groups.put("tg-1", healthOf("10.0.0.1", "draining", "Target.DeregistrationInProgress", ""));
    assertThat(read(poll, known("tg-1")).get(0).drainingAfter()).isEmpty();
    groups.put("tg-1", healthOf("10.0.0.1", "healthy", "", ""));
    read(poll, known("tg-1"));
    clock.forward(ofSeconds(30));
    groups.put("tg-1", healthOf("10.0.0.1", "draining", "Target.DeregistrationInProgress", ""));

    assertThat(read(poll, known("tg-1")).get(0).drainingAfter()).contains(Readings.NOW);
  }

  @Test
  void removesHealthOfGroupAfterThreeIntervals() throws Exception {
    groups.put("tg-1", healthOf("10.0.0.1", "healthy", "", ""));
    groups.put("tg-2", healthOf("10.0.0.2", "healthy", "", ""));
    read(poll, known("tg-1", "tg-2"));
    groups.put("tg-1", FakeAws.error(500, "HealthUnavailable", "not now"));
    clock.forward(ofSeconds(90));

    var health = read(poll, known("tg-1", "tg-2"));

    assertThat(health.get(0).targets().value()).isEmpty();
    assertThat(states(health)).containsExactly("healthy");
  }

  @Test
  void aGroupThatWasDeletedJustGoes() throws Exception {
    groups.put("tg-1", healthOf("10.0.0.1", "healthy", "", ""));
    groups.put("tg-2", FakeAws.error(400, "TargetGroupNotFound", "gone"));

    var health = read(poll, known("tg-1", "tg-2"));

    assertThat(health).extracting(GroupHealth::targetGroupArn).containsExactly("tg-1");
  }

  @Test
  void ifAllFailTheReadingFailsWithTheReason() throws Exception {
    groups.put("tg-1", FakeAws.error(400, "Throttling", "Rate exceeded"));
    groups.put("tg-2", FakeAws.error(400, "Throttling", "Rate exceeded"));

    assertThat(lack(poll, known("tg-1", "tg-2")).reason()).isEqualTo(Unavailable.Reason.THROTTLED);
  }

  @Test
  void aDenialIsAskedOnce() throws Exception {
    aws.on(OPERATION, FakeAws.error(403, "AccessDenied", "no"));

    assertThat(lack(poll, known("tg-1", "tg-2", "tg-3")).reason())
        .isEqualTo(Unavailable.Reason.DENIED);
    assertThat(aws.operations()).hasSize(1);
  }

  @Test
  void withoutTargetGroupsItIsUnknownAndNotEmpty() throws Exception {
    assertThat(lack(poll, Inventory.EMPTY).reason()).isEqualTo(Unavailable.Reason.NOT_YET);
    assertThat(read(poll, known())).isEmpty();
  }

  @ParameterizedTest(name = "{0} groups: {1} s")
  @CsvSource({"0, 30", "45, 30", "90, 60", "450, 300"})
  void intervalGrowsWithTheGroups(int groups, int seconds) {
    assertThat(TargetHealthPoll.interval(groups, new RateLimit(3, 10)))
        .isEqualTo(ofSeconds(seconds));
  }

  @Test
  void groupsThatWereNotReachedComeFirstInTheNextRound() throws Exception {
    var arns = slowGroups("healthy", "healthy", "healthy", "healthy");

    var first = read(poll, known(arns));
    var second = read(poll, known(arns));

    assertThat(first)
        .extracting(GroupHealth::targetGroupArn)
        .as("what was not read yet is left out, and not throttled")
        .containsExactly("tg-0", "tg-1");
    assertThat(askedGroups()).containsExactly("tg-0", "tg-1", "tg-2", "tg-3");
    assertThat(second).hasSize(4).allMatch(group -> group.targets().fresh());
  }

  @ParameterizedTest
  @ValueSource(strings = {"unhealthy", "initial", "draining", "unhealthy.draining", "unavailable"})
  void unsettledGroupIsReadInEveryRoundAndSettledOnesInTurn(String state) throws Exception {
    var arns = slowGroups("healthy", state, "unused", "healthy");

    for (var round = 0; round < 5; round++) {
      read(poll, known(arns));
    }

    assertThat(askedGroups())
        .containsExactly(
            "tg-0", "tg-1", "tg-1", "tg-2", "tg-1", "tg-3", "tg-1", "tg-0", "tg-1", "tg-2");
  }

  /** Each answer takes 15 s, so that a round has room for two groups. */
  private String[] slowGroups(String... states) {
    for (var i = 0; i < states.length; i++) {
      var health = healthOf("10.0.0.1", states[i], "", "");
      groups.put(
          "tg-" + i,
          asked -> {
            clock.forward(ofSeconds(15));
            return health.apply(asked);
          });
    }
    return IntStream.range(0, states.length).mapToObj(i -> "tg-" + i).toArray(String[]::new);
  }

  private List<String> askedGroups() {
    return aws.asked().stream().map(asked -> asked.params().get("TargetGroupArn")).toList();
  }

  private Answer answer(FakeAws.Asked asked) {
    var arn = String.valueOf(asked.params().get("TargetGroupArn"));
    return groups.getOrDefault(arn, FakeAws.error(400, "TargetGroupNotFound", arn)).apply(asked);
  }

  private static List<String> states(List<GroupHealth> health) {
    return health.stream()
        .flatMap(group -> group.targets().value().stream())
        .flatMap(List::stream)
        .map(TargetHealth::state)
        .toList();
  }

  private static Inventory known(String... arns) {
    return with(
        Inventory.EMPTY,
        Resources.TARGET_GROUPS,
        List.of(arns).stream().map(TargetHealthPollTest::group).toList());
  }

  private static TargetGroup group(String arn) {
    return new TargetGroup(
        arn,
        arn,
        "HTTP",
        "HTTP1",
        80,
        "ip",
        List.of("lb"),
        new HealthCheck(true, "HTTP", "traffic-port", "/", "200", ofSeconds(15), ofSeconds(5)),
        Optional.empty());
  }

  private static Function<FakeAws.Asked, Answer> healthOf(
      String id, String state, String reason, String description) {
    var healthDescription =
        reason.isEmpty()
            ? ""
            : "<Reason>%s</Reason><Description>%s</Description>".formatted(reason, description);
    return asked ->
        Answer.ok(
            """
            <DescribeTargetHealthResponse><DescribeTargetHealthResult><TargetHealthDescriptions>
            <member><HealthCheckPort>9090</HealthCheckPort>
            <TargetHealth><State>%s</State>%s</TargetHealth>
            <Target><Port>8080</Port><Id>%s</Id></Target></member>
            </TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>
            """
                .formatted(state, healthDescription, id));
  }
}
