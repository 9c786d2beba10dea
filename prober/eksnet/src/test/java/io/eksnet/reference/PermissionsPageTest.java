package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.Permission.Iam;
import io.eksnet.inventory.Permission.Rbac;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermissionsPageTest {
  private static final List<Purpose> PURPOSES =
      List.of(
          new Purpose("subnets", "free addresses", List.of(Iam.anywhere("ec2:DescribeSubnets"))),
          new Purpose("nodes", "slots", List.of(Rbac.watch("", "pods"), Rbac.watch("", "nodes"))),
          new Purpose(
              "paths",
              "what is open",
              List.of(
                  Iam.anywhere("ec2:DescribeSubnets"),
                  new Rbac("apps", "daemonsets", List.of("get"), List.of("aws-node"), "."))),
          new Purpose("identity", "who it is", List.of()));

  @Test
  void aRightNamesAllThatItServes() {
    assertThat(PermissionsPage.markdown(PURPOSES))
        .contains(
            "| `ec2:DescribeSubnets` | `*` | `paths`, `subnets` |\n",
            "| `pods` | list, watch | all namespaces | `nodes` |\n",
            "| `daemonsets.apps` | get | its own namespace, only `aws-node` | `paths` |\n");
  }

  @Test
  void aPartNamesWhatItKnowsAndNeeds() {
    assertThat(PermissionsPage.markdown(PURPOSES))
        .contains(
            "| `subnets` | free addresses | `ec2:DescribeSubnets` |\n",
            "| `nodes` | slots | `pods`, `nodes` |\n",
            "| `identity` | who it is | nothing |\n");
  }
}
