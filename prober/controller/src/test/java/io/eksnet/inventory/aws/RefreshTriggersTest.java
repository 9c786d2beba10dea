package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.Readings.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.MovedClock;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.UnschedulableReason;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefreshTriggersTest {
  private final MovedClock clock = new MovedClock(NOW);
  private AwsFacts facts;

  @BeforeEach
  void open() {
    var nobody = FakeAws.settings(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1));
    facts = AwsFacts.open(nobody, AwsRequestListener.NOOP, clock);
  }

  @AfterEach
  void close() {
    facts.close();
  }

  @Test
  void readsAssociationsWhenAComponentLosesOrRegainsCredentials() {
    var healthy =
        with(Inventory.EMPTY, Resources.COMPONENTS, List.of(karpenter(ReconcileCause.OTHER)));
    var faulty =
        with(Inventory.EMPTY, Resources.COMPONENTS, List.of(karpenter(ReconcileCause.CREDENTIALS)));

    isRefreshedAtStartAndEnd(source(Resources.POD_IDENTITY_ASSOCIATIONS), healthy, faulty);
  }

  @Test
  void readsProfilesWhenCoreDnsLosesOrFindsANode() {
    var healthy = with(Inventory.EMPTY, Resources.DNS_PODS, List.of(coreDns(Scheduling.DONE)));
    var waits = new Scheduling(false, UnschedulableReason.FARGATE_TAINT, "0/6 nodes are available");
    var faulty = with(Inventory.EMPTY, Resources.DNS_PODS, List.of(coreDns(waits)));

    isRefreshedAtStartAndEnd(source(Resources.FARGATE_PROFILES), healthy, faulty);
  }

  @Test
  void countsBlocksWhenAPodGotNoAddressInPrefixMode() {
    var healthy =
        with(
            with(Inventory.EMPTY, Resources.CNI_SETTINGS, cni(true)),
            Resources.SANDBOX_FAILURES,
            failed(0));
    var faulty = with(healthy, Resources.SANDBOX_FAILURES, failed(1));

    isRefreshedAtStartAndEnd(source(Resources.FREE_PREFIXES), healthy, faulty);
    assertThat(
            source(Resources.FREE_PREFIXES)
                .shouldRefresh(with(faulty, Resources.CNI_SETTINGS, cni(false))))
        .as("not in prefix mode")
        .isFalse();
  }

  private void isRefreshedAtStartAndEnd(
      InventorySource<?> source, Inventory healthy, Inventory faulty) {
    assertThat(source.shouldRefresh(Inventory.EMPTY)).as("unknown").isFalse();
    assertThat(source.shouldRefresh(healthy)).as("healthy").isFalse();
    assertThat(source.shouldRefresh(faulty)).as("fault").isTrue();

    source.read(faulty);
    clock.forward(Duration.ofSeconds(61));
    assertThat(source.shouldRefresh(faulty)).as("unchanged").isFalse();
    assertThat(source.shouldRefresh(healthy)).as("fault is over").isTrue();

    source.read(healthy);
    assertThat(source.shouldRefresh(faulty)).as("flapping").isFalse();
    clock.forward(Duration.ofSeconds(61));
    assertThat(source.shouldRefresh(faulty)).as("fault is back").isTrue();
  }

  private InventorySource<?> source(Resource<?> part) {
    return facts.sources().stream()
        .filter(one -> one.resource().equals(part))
        .findFirst()
        .orElseThrow();
  }

  private static <T> Inventory with(Inventory known, Resource<T> part, T value) {
    return known.with(part, Snapshot.of(value, NOW, Duration.ofDays(1)));
  }

  private static Component karpenter(ReconcileCause cause) {
    var crashes = cause != ReconcileCause.OTHER;
    return new Component(
        "karpenter",
        "karpenter",
        "karpenter",
        1,
        crashes ? 0 : 1,
        crashes,
        cause,
        "",
        Optional.empty(),
        Set.of(CredentialSource.NONE));
  }

  private static DnsPod coreDns(Scheduling scheduling) {
    return new DnsPod(
        "coredns-1", "", "", "Pending", false, scheduling, "default-scheduler", NOW, "");
  }

  private static CniSettings cni(boolean prefixes) {
    return new CniSettings(prefixes, false, true, false, false);
  }

  private static List<SandboxFailures> failed(int times) {
    var failure = new SandboxFailures("a", "node-1", SandboxFailure.NO_IP, times, "", NOW);
    return times == 0 ? List.of() : List.of(failure);
  }
}
