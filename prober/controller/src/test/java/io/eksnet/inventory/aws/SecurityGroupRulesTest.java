package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SecurityPath.Verdict.BLOCKED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.PERMITTED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.aws.SecurityGroupRules.Node;
import io.eksnet.inventory.aws.SecurityRule.Peer;
import io.eksnet.model.Cidr;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecurityGroupRulesTest {
  private static final Node LB =
      new Node(List.of("sg-lb"), List.of(Cidr.of("10.0.0.0/24"), Cidr.of("10.0.1.0/24")));
  private static final Node TARGET = new Node(List.of("sg-node"), List.of(Cidr.of("10.0.9.7")));
  private static final Peer LB_GROUP = new Peer.Group("sg-lb", false);

  @Test
  void aRuleThatNamesTheGroupOfTheLoadBalancerPermits() {
    var reachability = in(tcp(8080, 8080, LB_GROUP));

    assertThat(reachability.verdict()).isEqualTo(PERMITTED);
    assertThat(reachability.reason()).isEqualTo("sgr-1 of sg-node permits tcp 8080 from sg-lb");
  }

  @Test
  void theIncidentOfTheCaseIsBlocked() {
    var reachability =
        in(tcp(443, 443, LB_GROUP), tcp(10250, 10250, new Peer.Addresses(Cidr.of("10.0.0.0/16"))));

    assertThat(reachability.verdict()).isEqualTo(BLOCKED);
    assertThat(reachability.reason())
        .isEqualTo("no ingress rule of sg-node permits tcp 8080 from the other end");
  }

  @Test
  void theRuleOfAnotherGroupOrProtocolOrDirectionDoesNotPermit() {
    assertThat(in(tcp(8080, 8080, new Peer.Group("sg-other", false))).verdict()).isEqualTo(BLOCKED);
    assertThat(in(rule(false, "udp", 0, 65535, LB_GROUP)).verdict()).isEqualTo(BLOCKED);
    assertThat(in(rule(true, "tcp", 0, 65535, LB_GROUP)).verdict()).isEqualTo(BLOCKED);
  }

  @Test
  void allProtocolsHaveNoPorts() {
    assertThat(in(rule(false, "-1", -1, -1, LB_GROUP)).verdict()).isEqualTo(PERMITTED);
    assertThat(in(rule(false, "6", 8000, 9000, LB_GROUP)).verdict()).isEqualTo(PERMITTED);
  }

  @Test
  void aRangeMustCoverAllSubnetsOfTheLoadBalancer() {
    assertThat(in(tcp(8080, 8080, addresses("10.0.0.0/23"))).verdict()).isEqualTo(PERMITTED);
    assertThat(in(tcp(8080, 8080, addresses("10.0.0.0/24"))).verdict()).isEqualTo(BLOCKED);
    assertThat(
            in(tcp(8080, 8080, addresses("10.0.0.0/24")), tcp(8080, 8080, addresses("10.0.1.0/25")))
                .verdict())
        .as("the load balancer may be in either half of its subnet")
        .isEqualTo(UNKNOWN);
  }

  @Test
  void aGroupOfAnotherAccountIsUnknownUnlessAnotherRulePermits() {
    var foreign = tcp(8080, 8080, new Peer.Group("sg-far", true));

    assertThat(in(foreign).verdict()).isEqualTo(UNKNOWN);
    assertThat(in(foreign, tcp(8080, 8080, LB_GROUP)).verdict()).isEqualTo(PERMITTED);
    assertThat(in(tcp(80, 80, new Peer.Group("sg-far", true))).verdict())
        .as("the rule is of another port")
        .isEqualTo(BLOCKED);
  }

  @Test
  void aPrefixListThatCannotBeReadIsUnknown() {
    assertThat(in(tcp(8080, 8080, new Peer.PrefixList("pl-1"))).verdict()).isEqualTo(UNKNOWN);
  }

  @Test
  void aGroupWhoseRulesCannotBeReadIsUnknownAndOneWithoutRulesIsBlocked() {
    var unread =
        new SecurityGroupRules(Map.of(), Map.of()).ingress(LB, TARGET, Transport.TCP, 8080);
    var empty =
        new SecurityGroupRules(Map.of("sg-node", List.of()), Map.of())
            .ingress(LB, TARGET, Transport.TCP, 8080);

    assertThat(unread.verdict()).isEqualTo(UNKNOWN);
    assertThat(unread.reason()).isEqualTo("the rules of sg-node cannot be read");
    assertThat(empty.verdict()).isEqualTo(BLOCKED);
  }

  @Test
  void subnetsThatAreNotKnownAreUnknownOnlyWhereARuleNamesAddresses() {
    var nowhere = new Node(List.of("sg-lb"), List.of());

    assertThat(
            onNode(List.of(tcp(8080, 8080, addresses("10.0.0.0/8"))))
                .ingress(nowhere, TARGET, Transport.TCP, 8080)
                .verdict())
        .isEqualTo(UNKNOWN);
    assertThat(onNode(List.of()).ingress(nowhere, TARGET, Transport.TCP, 8080).verdict())
        .isEqualTo(BLOCKED);
  }

  @Test
  void theLoadBalancerMustBeLetOutToo() {
    var out = new SecurityRule("sgr-9", "sg-lb", true, "tcp", 8080, 8080, addresses("10.0.9.7/32"));
    var rules = new SecurityGroupRules(Map.of("sg-lb", List.of(out)), Map.of());

    assertThat(rules.egress(LB, TARGET, Transport.TCP, 8080).verdict()).isEqualTo(PERMITTED);
    assertThat(rules.egress(LB, TARGET, Transport.TCP, 9090).verdict()).isEqualTo(BLOCKED);
    assertThat(rules.egress(new Node(List.of(), List.of()), TARGET, Transport.TCP, 9090).verdict())
        .as("a network load balancer without groups may send")
        .isEqualTo(PERMITTED);
  }

  @Test
  void portRangesAreWhatAskingForEachPortGives() {
    var random = new Random(2);
    for (var round = 0; round < 2_000; round++) {
      var from = random.nextInt(40);
      var to = from + random.nextInt(20);
      var open = IntStream.rangeClosed(from, to).boxed().toList();
      var rule = tcp(from, to, LB_GROUP);
      for (var port = 0; port < 64; port++) {
        assertThat(rule.matches(Transport.TCP, port)).isEqualTo(open.contains(port));
        assertThat(rule.matches(Transport.UDP, port)).isFalse();
      }
    }
  }

  @Test
  void membershipInPrefixListsIsWhatAskingForEachAddressGives() {
    var random = new Random(3);
    for (var round = 0; round < 3_000; round++) {
      var entries = new ArrayList<Cidr>();
      for (var i = random.nextInt(5); i > 0; i--) {
        entries.add(small(random));
      }
      var from = new Node(List.of("sg-lb"), List.of(small(random)));
      var rules =
          new SecurityGroupRules(
              Map.of("sg-node", List.of(tcp(8080, 8080, new Peer.PrefixList("pl-1")))),
              Map.of("pl-1", entries));

      var inside = addresses(from.ranges().get(0)).filter(a -> anyHas(entries, a)).count();
      var all = from.ranges().get(0).size().longValueExact();

      assertThat(rules.ingress(from, TARGET, Transport.TCP, 8080).verdict())
          .isEqualTo(inside == all ? PERMITTED : inside == 0 ? BLOCKED : UNKNOWN);
    }
  }

  private static Cidr small(Random random) {
    return new Cidr(
        32, BigInteger.valueOf(0x0A00_0000L + random.nextInt(64)), 27 + random.nextInt(6));
  }

  private static Stream<Cidr> addresses(Cidr range) {
    return IntStream.range(0, range.size().intValueExact())
        .mapToObj(i -> new Cidr(32, range.first().add(BigInteger.valueOf(i)), 32));
  }

  private static boolean anyHas(List<Cidr> ranges, Cidr address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  private static Reachability in(SecurityRule... rules) {
    return onNode(List.of(rules)).ingress(LB, TARGET, Transport.TCP, 8080);
  }

  private static SecurityGroupRules onNode(List<SecurityRule> rules) {
    return new SecurityGroupRules(Map.of("sg-node", rules), Map.of());
  }

  private static Peer addresses(String range) {
    return new Peer.Addresses(Cidr.of(range));
  }

  private static SecurityRule tcp(int from, int to, Peer peer) {
    return rule(false, "tcp", from, to, peer);
  }

  private static SecurityRule rule(boolean egress, String protocol, int from, int to, Peer peer) {
    return new SecurityRule("sgr-1", "sg-node", egress, protocol, from, to, peer);
  }
}
