package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.incident.Change;
import io.eksnet.incident.ChangeRanking;
import io.eksnet.incident.InventoryDiff;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.world.Scenarios;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.RootCause;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The changes that the real clients read when several scenarios of the lab begin at once. */
class ScenarioChangesTest {
  private static final String SOME =
      "alb-sg-blocked karpenter-template pod-identity-namespace subnet-tags";
  private static final String OTHERS = "coredns-fargate alb-health-path";
  private static final String MORE = "coredns-scaled-to-zero karpenter-template subnet-tags";
  private static final Map<String, Evidence> WORLDS = new HashMap<>();

  private static LabEvidence lab;
  private static Evidence before;

  @BeforeAll
  static void start() throws Exception {
    lab = new LabEvidence();
    before = lab.of(lab.healthy());
    for (var world : List.of(SOME, OTHERS, MORE)) {
      WORLDS.put(world, read(world));
    }
  }

  @AfterAll
  static void stop() {
    lab.close();
    WORLDS.clear();
  }

  private static Evidence read(String scenarios) throws Exception {
    ClusterState state = lab.healthy();
    for (var name : scenarios.split(" ")) {
      var scenario =
          Scenarios.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
      state = scenario.stages().get(0).change().apply(state);
    }
    return lab.of(state);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        SOME + "| SECURITY_GROUP_BLOCKS_TARGET | security groups, port 8080: permitted: ",
        SOME + "| NODECLASS_UNRENDERED_TEMPLATE | nodeclass/default: templates: ",
        SOME + "| CREDENTIALS_NOT_ASSOCIATED | podidentityassociation/karpenter/karpenter removed",
        SOME + "| LB_SUBNETS_NOT_DISCOVERABLE | tags: kubernetes.io/role/elb=1 removed",
        OTHERS + "| TARGET_HEALTH_CHECK_MISMATCH | health check: path /ok to path /missing",
        OTHERS + "| COREDNS_FARGATE_NOT_ADMITTED | fargateprofile/fp-system added",
        MORE + "| COREDNS_NOT_READY | deployment/kube-system/coredns: replicas: 2 to 0"
      })
  void theReasonOfEachFindingRanksFirst(String world, RootCause cause, String expected) {
    var now = WORLDS.getOrDefault(world, before);
    var findings = Diagnosis.of(now).stream().filter(finding -> finding.cause() == cause).toList();
    assertThat(findings).isNotEmpty();

    var changes = InventoryDiff.between(before.inventory(), now.inventory());
    var ranked = ChangeRanking.before(now.now(), findings, changes, now.inventory());

    assertThat(changes).hasSizeGreaterThan(2);
    assertThat(ranked).hasSameSizeAs(changes);
    assertThat(ranked.get(0).text()).contains(expected);
  }

  /** State is not a change: pods that terminate, targets that drain, addresses that are used. */
  @Test
  void aHealthyClusterAndARolloutHaveNoChanges() throws Exception {
    for (var evidence : List.of(lab.of(lab.healthy()), read("rolling-deploy"))) {
      assertThat(InventoryDiff.between(before.inventory(), evidence.inventory()))
          .extracting(Change::text)
          .isEmpty();
    }
  }
}
