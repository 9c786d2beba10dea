package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.Balanced.fromGroup;
import static io.eksnet.inventory.aws.Balanced.rule;
import static io.eksnet.inventory.aws.Balanced.rules;
import static io.eksnet.inventory.aws.Readings.lack;
import static io.eksnet.inventory.aws.Readings.read;
import static io.eksnet.inventory.aws.Readings.with;
import static io.eksnet.model.inventory.SecurityPath.Verdict.BLOCKED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.PERMITTED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.UNKNOWN;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.inventory.aws.FakeAws.Answer;
import io.eksnet.inventory.aws.FakeAws.Asked;
import io.eksnet.model.MovedClock;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.Unavailable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecurityPathsTest {
  private static final String OURS = "111111111111";
  private static final String OUT = rule("sg-lb", true, "<cidrIpv4>0.0.0.0/0</cidrIpv4>");
  private static final String IN = rule("sg-pod", false, fromGroup("sg-lb", OURS));

  private final MovedClock clock = new MovedClock(Readings.NOW);
  private FakeAws aws;
  private AwsClients clients;
  private InventorySource<List<SecurityPath>> source;

  @BeforeEach
  void start() throws Exception {
    aws = new FakeAws();
    aws.on("DescribeNetworkInterfaces", SecurityPathsTest::interfaces);
    aws.on("DescribeSubnets", subnets());
    aws.on("DescribeSecurityGroups", "<R><securityGroupInfo></securityGroupInfo></R>");
    aws.on("DescribeSecurityGroupRules", rules(IN, OUT));
    clients = AwsClients.open(aws.settings(ofSeconds(10)), AwsRequestListener.NOOP, clock);
    source = new SecurityPaths(clients);
  }

  @AfterEach
  void stop() {
    clients.close();
    aws.close();
  }

  @Test
  void interfacesAreFoundByBranchByPrefixOnTheNodeAndByAddress() throws Exception {
    var known =
        with(
            with(
                Balanced.in(Inventory.EMPTY, "10.0.9.99", "10.0.9.40", "10.0.7.7"),
                Resources.SERVICE_PODS,
                List.of(pod("10.0.9.99", "eni-branch"), pod("10.0.9.40", ""))),
            Resources.NODES,
            List.of(node()));

    var paths = read(source, known);

    assertThat(paths)
        .extracting(SecurityPath::interfaceId)
        .containsExactly("eni-branch", "eni-node", "eni-fargate");
    assertThat(paths).extracting(SecurityPath::verdict).containsOnly(PERMITTED);
    assertThat(asked("DescribeNetworkInterfaces"))
        .extracting(asked -> asked.params().get("Filter.1.Name"))
        .containsExactly(
            "network-interface-id", "attachment.instance-id", "addresses.private-ip-address");
    assertThat(asked("DescribeNetworkInterfaces").get(2).params())
        .containsEntry("Filter.1.Value.1", "10.0.7.7")
        .containsEntry("Filter.2.Name", "vpc-id")
        .containsEntry("Filter.2.Value.1", "vpc-1");
  }

  @Test
  void aFilterNeverHasMoreThanTwoHundredValues() throws Exception {
    var targets = IntStream.range(0, 450).mapToObj(i -> "10.9." + i / 250 + "." + i % 250).toList();

    var paths = read(source, Balanced.in(Inventory.EMPTY, targets.toArray(String[]::new)));

    assertThat(paths).hasSize(450).extracting(SecurityPath::verdict).containsOnly(UNKNOWN);
    assertThat(asked("DescribeNetworkInterfaces")).hasSize(3);
    assertThat(asked("DescribeNetworkInterfaces"))
        .noneMatch(asked -> asked.params().containsKey("Filter.1.Value.201"));
  }

  @Test
  void aMissingRuleIsBlockedWithTheReason() throws Exception {
    aws.on("DescribeSecurityGroupRules", rules(OUT));
    aws.on(
        "DescribeSecurityGroups",
        "<R><securityGroupInfo><item><groupId>sg-pod</groupId></item></securityGroupInfo></R>");

    var path = only(Balanced.in(Inventory.EMPTY, "10.0.7.7"));

    assertThat(path.verdict()).isEqualTo(BLOCKED);
    assertThat(path.reason())
        .isEqualTo("no ingress rule of sg-pod permits tcp 8080 from the other end");
  }

  @Test
  void aGroupThatCannotBeSeenIsUnknownAndNotEmpty() throws Exception {
    aws.on("DescribeSecurityGroupRules", rules(OUT));

    assertThat(only(Balanced.in(Inventory.EMPTY, "10.0.7.7")).verdict()).isEqualTo(UNKNOWN);
  }

  @Test
  void aReferenceToAnotherAccountIsUnknown() throws Exception {
    aws.on(
        "DescribeSecurityGroupRules",
        rules(rule("sg-pod", false, fromGroup("sg-far", "222222222222")), OUT));

    assertThat(only(Balanced.in(Inventory.EMPTY, "10.0.7.7")).verdict()).isEqualTo(UNKNOWN);
  }

  @Test
  void aPrefixListIsReadInPagesAndUnknownIfItCannotBeRead() throws Exception {
    aws.on(
        "DescribeSecurityGroupRules",
        rules(rule("sg-pod", false, "<prefixListId>pl-1</prefixListId>"), OUT));
    aws.on(
        "GetManagedPrefixListEntries",
        asked ->
            asked.params().containsKey("NextToken")
                ? Answer.ok(entry("10.0.0.128/25", ""))
                : Answer.ok(entry("10.0.0.0/25", "<nextToken>t</nextToken>")));
    assertThat(only(Balanced.in(Inventory.EMPTY, "10.0.7.7")).verdict()).isEqualTo(PERMITTED);

    aws.on("GetManagedPrefixListEntries", FakeAws.error(403, "UnauthorizedOperation", "no"));
    var path = only(Balanced.in(Inventory.EMPTY, "10.0.7.7"));
    assertThat(path.verdict()).isEqualTo(UNKNOWN);
    assertThat(path.reason()).isEqualTo("prefix list pl-1 cannot be read");
  }

  @Test
  void withoutPermissionToReadRulesNothingIsReported() throws Exception {
    aws.on("DescribeSecurityGroupRules", FakeAws.error(403, "UnauthorizedOperation", "no"));

    assertThat(lack(source, Balanced.in(Inventory.EMPTY, "10.0.7.7")).reason())
        .isEqualTo(Unavailable.Reason.DENIED);
  }

  @Test
  void withoutTargetHealthNothingIsReported() throws Exception {
    assertThat(lack(source, Inventory.EMPTY).reason()).isEqualTo(Unavailable.Reason.NOT_YET);
    assertThat(aws.asked()).isEmpty();
  }

  @Test
  void aChangeOfHealthIsAReasonToReadEarlyButNotTooOften() throws Exception {
    var known = Balanced.in(Inventory.EMPTY, "10.0.7.7");
    read(source, known);
    clock.forward(ofSeconds(61));
    assertThat(source.shouldRefresh(known)).as("nothing changed").isFalse();

    var healed = Balanced.health(known, List.of(Balanced.target("10.0.7.7", "healthy")));
    assertThat(source.shouldRefresh(healed)).isTrue();
    read(source, healed);
    assertThat(source.shouldRefresh(known)).as("it flaps").isFalse();
    clock.forward(ofSeconds(61));
    assertThat(source.shouldRefresh(known)).isTrue();
    assertThat(source.shouldRefresh(Inventory.EMPTY)).as("not known is not changed").isFalse();
  }

  @Test
  void nothingIsCalledThatIsNotDeclared() throws Exception {
    aws.on(
        "DescribeSecurityGroupRules",
        rules(rule("sg-pod", false, "<prefixListId>pl-1</prefixListId>")));
    aws.on("GetManagedPrefixListEntries", entry("10.0.0.0/24", ""));
    read(source, Balanced.in(Inventory.EMPTY, "10.0.7.7"));

    assertThat(source.permissions().stream().map(Permission.Iam.class::cast))
        .extracting(Permission.Iam::action)
        .containsExactlyInAnyOrderElementsOf(
            aws.operations().stream().distinct().map(operation -> "ec2:" + operation).toList());
  }

  private SecurityPath only(Inventory known) throws Exception {
    return read(source, known).get(0);
  }

  private List<Asked> asked(String operation) {
    return aws.asked().stream().filter(asked -> asked.operation().equals(operation)).toList();
  }

  private static Answer interfaces(Asked asked) {
    var value = String.valueOf(asked.params().get("Filter.1.Value.1"));
    var item =
        switch (value) {
          case "eni-branch" -> nic("eni-branch", "10.0.9.99", "");
          case "10.0.7.7" -> nic("eni-fargate", "10.0.7.7", "");
          case "i-1" ->
              nic(
                  "eni-node",
                  "10.0.9.1",
                  """
                  <ipv4PrefixSet><item><ipv4Prefix>10.0.9.32/28</ipv4Prefix></item></ipv4PrefixSet>\
                  <attachment><instanceId>i-1</instanceId><deviceIndex>1</deviceIndex>\
                  </attachment>\
                  """);
          default -> "";
        };
    return Answer.ok("<R><networkInterfaceSet>" + item + "</networkInterfaceSet></R>");
  }

  private static String nic(String id, String address, String more) {
    return """
    <item><networkInterfaceId>%s</networkInterfaceId>\
    <groupSet><item><groupId>sg-pod</groupId></item></groupSet>\
    <privateIpAddressesSet><item><privateIpAddress>%s</privateIpAddress></item>\
    </privateIpAddressesSet>%s</item>\
    """
        .formatted(id, address, more);
  }

  private static String subnets() {
    return """
    <R><subnetSet><item><subnetId>subnet-lb</subnetId><cidrBlock>10.0.0.0/24</cidrBlock></item>\
    </subnetSet></R>\
    """;
  }

  private static String entry(String range, String more) {
    return "<R><entrySet><item><cidr>%s</cidr></item></entrySet>%s</R>".formatted(range, more);
  }

  private static ServicePod pod(String ip, String branch) {
    return new ServicePod(
        ip,
        "node-1",
        true,
        false,
        branch.isEmpty() ? Optional.empty() : Optional.of(branch),
        Instant.EPOCH);
  }

  private static KubeNode node() {
    return new KubeNode(
        "node-1", "a", "i-1", List.of(), ComputeType.EC2, true, 29, 1, List.of(), Readings.NOW);
  }
}
