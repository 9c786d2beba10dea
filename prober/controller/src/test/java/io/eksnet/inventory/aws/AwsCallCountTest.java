package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.RecordedRequests.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.Polls;
import io.eksnet.inventory.InventorySource;
import io.eksnet.model.MovedClock;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls to AWS of ten minutes on a clock of the test, with few nodes and with many. */
@Timeout(60)
class AwsCallCountTest {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Polls POLLS =
      ((ConfigResult.Valid) ConfigReader.read("cluster: blue\n", Map.of())).settings().polls();
  private static final RateLimit AMPLE = new RateLimit(100, 100_000);

  private final MovedClock clock = new MovedClock(Blue.NOW);

  @Test
  void aThousandNodesAndAgentsCostAsManyCallsAsTen() throws Exception {
    var few = callsWith(10);

    assertThat(callsWith(1_000)).isEqualTo(few);
    assertThat(few)
        .containsEntry("DescribeTargetHealth", 20L)
        .containsEntry("DescribeLoadBalancers", 10L)
        .containsEntry("DescribeInstances", 1L);
  }

  /** After a first window, in which everything is new. */
  private Map<String, Long> callsWith(int nodes) throws Exception {
    try (var aws = Blue.aws();
        var facts = AwsFacts.open(settings(aws), AwsRequestListener.NOOP, clock)) {
      clock.forward(Duration.ofDays(1));
      var known = cluster(nodes);
      var due = new LinkedHashMap<InventorySource<?>, Instant>();
      facts.sources().forEach(source -> due.put(source, clock.instant()));
      known = pass(due, known);
      var before = aws.asked().size();
      pass(due, known);
      return aws.operations().stream()
          .skip(before)
          .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
  }

  private Inventory pass(Map<InventorySource<?>, Instant> due, Inventory known) throws Exception {
    var end = clock.instant().plus(WINDOW);
    var inventory = known;
    for (var next = first(due); next.getValue().isBefore(end); next = first(due)) {
      clock.forward(Duration.between(clock.instant(), next.getValue()));
      inventory = read(next.getKey(), inventory);
      due.put(next.getKey(), clock.instant().plus(interval(next.getKey())));
    }
    clock.forward(Duration.between(clock.instant(), end));
    return inventory;
  }

  private static Duration interval(InventorySource<?> source) {
    var resource = source.resource();
    return POLLS.every(resource.service(), resource.name()).orElseThrow();
  }

  private static Map.Entry<InventorySource<?>, Instant> first(
      Map<InventorySource<?>, Instant> due) {
    return Map.Entry.copyOf(
        due.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow());
  }

  private <F> Inventory read(InventorySource<F> source, Inventory known) throws Exception {
    var value = await(source.read(known));
    // the target group that is known stays: what is read of the others does not change the calls
    return source.resource().equals(Resources.TARGET_GROUPS)
        ? known
        : known.with(source.resource(), Snapshot.of(value, clock.instant(), Duration.ofDays(9)));
  }

  private static Inventory cluster(int nodes) {
    var all = IntStream.range(0, nodes).mapToObj(i -> Blue.node("i-%04d".formatted(i))).toList();
    var agents =
        all.stream().map(node -> new Agent(node.name(), node.zone(), "10.0.9.9", true)).toList();
    return Blue.with(
        Blue.with(Blue.known(), Resources.NODES, all),
        Resources.AGENTS,
        new AgentFleet(nodes, agents));
  }

  private static AwsSettings settings(FakeAws aws) {
    var usual = aws.settings(Duration.ofSeconds(15));
    return new AwsSettings(
        usual.region(),
        usual.cluster(),
        usual.endpoints(),
        usual.credentials(),
        usual.credentialMethod(),
        usual.callTimeout(),
        Map.of("ec2", AMPLE, "elbv2", AMPLE, "eks", AMPLE, "sts", AMPLE));
  }
}
