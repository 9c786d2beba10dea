package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SandboxFailureCounterTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Map<String, String> ZONES = Map.of("n1", "eu-west-1a");

  private final SandboxFailureCounter counter = new SandboxFailureCounter();

  private static CachedEvent event(String uid, String node, int count) {
    return event(uid, node, count, NOW);
  }

  private static CachedEvent event(String uid, String node, int count, Instant last) {
    return new CachedEvent(
        uid,
        "Pod/shop/api",
        node,
        true,
        "FailedCreatePodSandBox",
        "",
        last,
        count,
        Optional.of(SandboxFailure.NO_IP));
  }

  private void count(CachedEvent... events) {
    counter.count(List.of(events), subject -> "n1", ZONES, NOW);
  }

  private static SandboxFailures failures(String zone, String node, long count) {
    return new SandboxFailures(zone, node, SandboxFailure.NO_IP, count, "", NOW);
  }

  @Test
  void doesNotCountOldEventsOfTheFirstList() {
    var old = NOW.minus(Duration.ofMinutes(5));
    count(event("u1", "n1", 40, old));
    assertThat(counter.failures()).isEmpty();

    count(event("u1", "n1", 43));
    assertThat(counter.failures()).containsExactly(failures("eu-west-1a", "n1", 3));
  }

  @Test
  void countsRecentEventsOfTheFirstListOnce() {
    var recent = NOW.minus(Duration.ofMinutes(4));
    count(event("u1", "n1", 40, recent));
    assertThat(counter.failures())
        .containsExactly(
            new SandboxFailures("eu-west-1a", "n1", SandboxFailure.NO_IP, 1, "", recent));

    count(event("u1", "n1", 40, recent));
    assertThat(counter.failures())
        .containsExactly(
            new SandboxFailures("eu-west-1a", "n1", SandboxFailure.NO_IP, 1, "", recent));
  }

  @Test
  void countsEachEventOnce() {
    count();
    count(event("u1", "n1", 2));
    count(event("u1", "n1", 2));
    count(event("u1", "n1", 2), event("u2", "n1", 1));

    assertThat(counter.failures()).containsExactly(failures("eu-west-1a", "n1", 3));
  }

  @Test
  void keepsCountsOfExpiredEvents() {
    count();
    count(event("u1", "n1", 2));
    count();

    assertThat(counter.failures()).containsExactly(failures("eu-west-1a", "n1", 2));
  }

  @Test
  void usesTheNodeOfThePodIfTheEventHasNone() {
    count();
    count(event("u1", "", 1));

    assertThat(counter.failures()).containsExactly(failures("eu-west-1a", "n1", 1));
  }

  @Test
  void keepsCountersOfADeletedNodeForAnHour() {
    count();
    count(event("u1", "n1", 1));

    counter.count(List.of(), s -> "", Map.of(), NOW.plus(Duration.ofMinutes(59)));
    assertThat(counter.failures()).containsExactly(failures("eu-west-1a", "n1", 1));

    counter.count(List.of(), s -> "", Map.of(), NOW.plus(Duration.ofMinutes(61)));
    assertThat(counter.failures()).isEmpty();
  }

  @Test
  void keepsTheLastMessageWithoutTheIdOfTheSandbox() {
    count();
    count(failed("first"));
    count(failed("first"), failed("second"));

    assertThat(counter.failures())
        .singleElement()
        .satisfies(
            failures ->
                assertThat(failures.message())
                    .isEqualTo("plugin type=\"aws-cni\" name=\"aws-cni\" failed (add): second"));
  }

  private static CachedEvent failed(String error) {
    return new CachedEvent(
        error,
        "Pod/shop/api",
        "n1",
        true,
        "FailedCreatePodSandBox",
        "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for"
            + " sandbox \"40d7bc158517\": plugin type=\"aws-cni\" name=\"aws-cni\" failed (add): "
            + error,
        NOW,
        1,
        Optional.of(SandboxFailure.CNI));
  }
}
