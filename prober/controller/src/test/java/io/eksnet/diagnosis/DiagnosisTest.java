package io.eksnet.diagnosis;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Properties of all rules together. */
class DiagnosisTest {
  /** Incidents that hide others: the first makes the second invisible. */
  private static final Map<Incidents, Set<Incidents>> HIDES =
      Map.ofEntries(
          // No query is answered, so single paths are unknown.
          entry(Incidents.COREDNS_ON_FARGATE, ofDns()),
          // Without nodes there are no slots to fill.
          entry(Incidents.SLOTS_FULL, EnumSet.of(Incidents.COREDNS_ON_FARGATE)),
          entry(Incidents.COREDNS_WITHOUT_SLOTS, ofDns()),
          entry(Incidents.COREDNS_CRASHES, ofDns()),
          // A target is unhealthy for one reason at a time.
          entry(Incidents.HEALTH_PATH_WRONG, ofTargets()),
          entry(Incidents.SECURITY_GROUP_CLOSED, ofTargets()),
          entry(Incidents.APPLICATION_HANGS, ofTargets()),
          entry(Incidents.NOTHING_LISTENS, ofTargets()),
          // For a while, a Service path that always fails looks like one that fails by chance.
          entry(
              Incidents.ONE_REPLICA_SICK,
              EnumSet.of(
                  Incidents.KUBE_PROXY_STUCK,
                  Incidents.FORWARD_OVERLOADED,
                  Incidents.TCP_53_BLOCKED)),
          // Only the last event of an Ingress counts.
          entry(Incidents.SUBNETS_NOT_TAGGED, EnumSet.of(Incidents.CONTROLLER_LACKS_RIGHTS)),
          // Failing forwarding looks like a failing resolver.
          entry(Incidents.VPC_DNS_FAILS, EnumSet.of(Incidents.FORWARD_OVERLOADED)));

  @ParameterizedTest
  @EnumSource
  void findsEachIncidentWithEvidenceAndFix(Incidents incident) {
    var findings = incident.alone().findings();

    assertThat(findings).extracting(Finding::cause).contains(incident.cause);
    assertThat(findings.get(0).evidence()).isNotEmpty();
    assertThat(findings.get(0).fix()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void missingSourceNeverAddsCauseOrConfidence(Incidents incident) {
    var scene = incident.alone();
    var whole = byCause(scene);
    for (Resource<?> part : Resources.all()) {
      var without = byCause(scene.without(part));
      assertThat(whole.keySet()).as("without %s", part.name()).containsAll(without.keySet());
      without.forEach(
          (cause, percent) ->
              assertThat(percent)
                  .as("%s without %s", cause, part.name())
                  .isLessThanOrEqualTo(whole.get(cause)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAgentsAddsOnlyProberTrouble(Incidents incident) {
    var scene = incident.alone();

    assertThat(scene.withoutAgents().causes())
        .isSubsetOf(
            Stream.concat(scene.causes().stream(), Stream.of(RootCause.PROBER_TROUBLE))
                .collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @EnumSource
  void deniedInventoryAddsOnlyProberTrouble(Incidents incident) {
    var scene = incident.alone();
    for (Resource<?> part : Resources.all()) {
      scene = scene.unavailable(part, Unavailable.Reason.DENIED);
    }

    var causes = scene.causes();
    assertThat(causes).contains(RootCause.PROBER_TROUBLE);
    causes.remove(RootCause.PROBER_TROUBLE);
    assertThat(incident.alone().causes()).containsAll(causes);
  }

  @ParameterizedTest
  @EnumSource
  void findsBothOfTwoIncidentsUnlessOneHidesTheOther(Incidents one) {
    for (var other : Incidents.values()) {
      if (one != other && !hides(one, other) && !hides(other, one)) {
        var scene = other.change.apply(one.alone());
        assertThat(scene.causes()).as("%s and %s", one, other).contains(one.cause, other.cause);
      }
    }
  }

  private static boolean hides(Incidents one, Incidents other) {
    return HIDES.getOrDefault(one, Set.of()).contains(other);
  }

  private static Set<Incidents> ofDns() {
    return EnumSet.of(
        Incidents.COREDNS_ON_FARGATE,
        Incidents.COREDNS_WITHOUT_SLOTS,
        Incidents.COREDNS_CRASHES,
        Incidents.KUBE_PROXY_STUCK,
        Incidents.ONE_REPLICA_SICK,
        Incidents.VPC_DNS_FAILS,
        Incidents.FORWARD_OVERLOADED,
        Incidents.TCP_53_BLOCKED,
        Incidents.NO_NAT);
  }

  private static Set<Incidents> ofTargets() {
    return EnumSet.of(
        Incidents.HEALTH_PATH_WRONG,
        Incidents.SECURITY_GROUP_CLOSED,
        Incidents.APPLICATION_HANGS,
        Incidents.NOTHING_LISTENS);
  }

  private static Map<RootCause, Integer> byCause(Scene scene) {
    return scene.findings().stream()
        .collect(
            Collectors.toMap(
                Finding::cause, f -> f.confidence().percent(), Math::max, TreeMap::new));
  }
}
