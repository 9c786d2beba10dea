package io.eksnet.model;

import static io.eksnet.model.diagnosis.RootCause.COREDNS_NOT_READY;
import static io.eksnet.model.diagnosis.RootCause.DOWNSTREAM_OF_DNS;
import static io.eksnet.model.diagnosis.RootCause.NACL_BLOCKS;
import static io.eksnet.model.diagnosis.RootCause.NO_EGRESS;
import static io.eksnet.model.diagnosis.RootCause.TARGET_GROUP_FAILING_OPEN;
import static io.eksnet.model.diagnosis.RootCause.TARGET_HUNG;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Confidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CausalityTest {
  private static final Finding HUNG =
      finding(TARGET_HUNG, "target_group/shop", TARGET_GROUP_FAILING_OPEN);

  @Test
  void consequencesAreNotCauses() {
    var open = finding(TARGET_GROUP_FAILING_OPEN, "target_group/shop");
    var dns = finding(COREDNS_NOT_READY, "cluster", DOWNSTREAM_OF_DNS);
    var sts = finding(DOWNSTREAM_OF_DNS, "node/n1");
    var all = List.of(HUNG, open, dns, sts);

    assertThat(Causality.causes(all)).containsExactly(HUNG, dns);
    assertThat(Causality.consequences(all)).containsExactly(open, sts);
  }

  @Test
  void doesNotExplainOtherObjectsOfTheSameKind() {
    var elsewhere = finding(TARGET_GROUP_FAILING_OPEN, "target_group/payments");

    assertThat(Causality.causes(List.of(HUNG, elsewhere))).containsExactly(HUNG, elsewhere);
    assertThat(Causality.consequences(List.of(HUNG, elsewhere))).isEmpty();
  }

  @Test
  void explainsOnlyAffectedObjectsOfAKindThatItNames() {
    var acl =
        finding(
            NACL_BLOCKS, "network_acl/acl-1", List.of("target_group/shop"), TARGET_HUNG, NO_EGRESS);
    var elsewhere = finding(TARGET_HUNG, "target_group/payments");
    var egress = finding(NO_EGRESS, "zone/eu-west-1a");

    assertThat(Causality.causes(List.of(acl, HUNG, elsewhere, egress)))
        .as("of zones it names none")
        .containsExactly(acl, elsewhere);
  }

  @Test
  void keepsFindingsThatExplainEachOther() {
    var one = finding(TARGET_HUNG, "cluster", TARGET_GROUP_FAILING_OPEN);
    var other = finding(TARGET_GROUP_FAILING_OPEN, "cluster", TARGET_HUNG);

    assertThat(Causality.causes(List.of(one, other))).containsExactly(one, other);
  }

  private static Finding finding(RootCause cause, String scope, RootCause... explains) {
    return finding(cause, scope, List.of(), explains);
  }

  private static Finding finding(
      RootCause cause, String scope, List<String> affected, RootCause... explains) {
    return new Finding(
        cause,
        scope,
        new Confidence(90),
        List.of("seen"),
        List.of(),
        List.of("fix"),
        affected,
        Set.of(explains),
        Duration.ZERO);
  }
}
