package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eksnet.inventory.Permission;
import io.eksnet.inventory.Permission.Iam;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IamPolicyTest {
  private static final List<Permission> RIGHTS =
      List.of(
          Iam.anywhere("ec2:DescribeSubnets"),
          Iam.anywhere("elasticloadbalancing:DescribeTags"),
          Iam.anywhere("ec2:DescribeInstances"),
          Iam.anywhere("ec2:DescribeSubnets"),
          Permission.Rbac.watch("", "pods"),
          new Iam("eks:ListAddons", List.of("arn:aws:eks:REGION:ACCOUNT:cluster/CLUSTER")),
          new Iam(
              "ec2:GetManagedPrefixListEntries",
              List.of(
                  "arn:aws:ec2:REGION:ACCOUNT:prefix-list/*",
                  "arn:aws:ec2:REGION:aws:prefix-list/*")));

  @Test
  void actionsAreGroupedByWhatTheyAreAbout() throws Exception {
    var policy = new ObjectMapper().readTree(IamPolicy.json(RIGHTS));

    assertThat(policy.get("Version").asText()).isEqualTo("2012-10-17");
    assertThat(policy.get("Statement")).hasSize(4);
    assertThat(statement(policy, 0))
        .isEqualTo(
            "Ec2All Allow [ec2:DescribeInstances, ec2:DescribeSubnets] on [*]"
                + " if {\"StringEquals\":{\"ec2:Region\":\"REGION\"}}");
    assertThat(statement(policy, 1))
        .isEqualTo(
            "Ec2PrefixList Allow [ec2:GetManagedPrefixListEntries] on"
                + " [arn:aws:ec2:REGION:ACCOUNT:prefix-list/*,"
                + " arn:aws:ec2:REGION:aws:prefix-list/*]");
    assertThat(statement(policy, 2))
        .isEqualTo(
            "EksCluster Allow [eks:ListAddons] on"
                + " [arn:aws:eks:REGION:ACCOUNT:cluster/CLUSTER]");
    assertThat(statement(policy, 3))
        .isEqualTo("ElasticloadbalancingAll Allow [elasticloadbalancing:DescribeTags] on [*]");
  }

  @Test
  void thePolicyOfTheProgramOnlyReads() throws Exception {
    var policy = new ObjectMapper().readTree(IamPolicy.json(Purpose.rights(Purpose.all())));

    var actions = new TreeSet<String>();
    policy
        .get("Statement")
        .forEach(statement -> statement.get("Action").forEach(a -> actions.add(a.asText())));
    assertThat(actions)
        .contains("ec2:DescribeSubnets", "elasticloadbalancing:DescribeTargetHealth")
        .allMatch(action -> action.matches("[a-z0-9]+:(Describe|List|Get)[A-Za-z]+"));
  }

  @Test
  void twoReachesForOneKindOfThingAreRefused() {
    var contradiction =
        List.of(
            new Iam("eks:A", List.of("arn:aws:eks:REGION:ACCOUNT:cluster/CLUSTER")),
            new Iam("eks:B", List.of("arn:aws:eks:REGION:ACCOUNT:cluster/*")));

    assertThatThrownBy(() -> IamPolicy.json(contradiction)).hasMessageContaining("eks:B is about");
  }

  private static String statement(JsonNode policy, int index) {
    var statement = policy.get("Statement").get(index);
    var condition = statement.get("Condition");
    return "%s %s %s on %s%s"
        .formatted(
            statement.get("Sid").asText(),
            statement.get("Effect").asText(),
            texts(statement.get("Action")),
            texts(statement.get("Resource")),
            condition == null ? "" : " if " + condition);
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }
}
