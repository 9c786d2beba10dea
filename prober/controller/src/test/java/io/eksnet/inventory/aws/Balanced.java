package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.Readings.with;
import static java.time.Duration.ofSeconds;

import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A load balancer with one target group: what AWS answers about it, and what is known of it. */
final class Balanced {
  private Balanced() {}

  /** The same server, which answers all there is about the load balancer too. */
  static FakeAws on(FakeAws aws) {
    return aws.on("DescribeLoadBalancers", elb("DescribeLoadBalancers", balancers()))
        .on("DescribeTags", elb("DescribeTags", tags()))
        .on("DescribeListeners", elb("DescribeListeners", "<Listeners></Listeners>"))
        .on("DescribeLoadBalancerAttributes", attributes("DescribeLoadBalancerAttributes"))
        .on("DescribeTargetGroups", elb("DescribeTargetGroups", targetGroups()))
        .on("DescribeTargetGroupAttributes", attributes("DescribeTargetGroupAttributes"))
        .on(
            "DescribeTargetHealth",
            elb("DescribeTargetHealth", "<TargetHealthDescriptions></TargetHealthDescriptions>"))
        .on(
            "DescribeSecurityGroupRules",
            rules(rule("sg-lb", true, "<prefixListId>pl-1</prefixListId>")))
        .on("GetManagedPrefixListEntries", "<R><entrySet></entrySet></R>")
        .on("DescribeSecurityGroups", "<R><securityGroupInfo></securityGroupInfo></R>");
  }

  private static String balancers() {
    return """
    <LoadBalancers><member><LoadBalancerArn>lb</LoadBalancerArn><VpcId>vpc-1</VpcId>\
    <Type>application</Type></member></LoadBalancers>\
    """;
  }

  private static String targetGroups() {
    return """
    <TargetGroups><member><TargetGroupArn>tg</TargetGroupArn><Protocol>TCP</Protocol>\
    <LoadBalancerArns><member>lb</member></LoadBalancerArns></member></TargetGroups>\
    """;
  }

  private static String attributes(String operation) {
    return elb(operation, "<Attributes></Attributes>");
  }

  private static String tags() {
    return """
    <TagDescriptions><member><ResourceArn>lb</ResourceArn><Tags><member>\
    <Key>elbv2.k8s.aws/cluster</Key><Value>%s</Value></member></Tags></member></TagDescriptions>\
    """
        .formatted(FakeAws.CLUSTER);
  }

  /** The same with the load balancer and these targets, which wait at 8080. */
  static Inventory in(Inventory known, String... targets) {
    var health = Stream.of(targets).map(id -> target(id, "unhealthy")).toList();
    return health(
        with(
            with(known, Resources.LOAD_BALANCERS, List.of(balancer())),
            Resources.TARGET_GROUPS,
            List.of(group())),
        health);
  }

  static Inventory health(Inventory known, List<TargetHealth> targets) {
    return with(
        known,
        Resources.TARGET_HEALTH,
        List.of(
            new GroupHealth(
                "tg", Snapshot.of(targets, Readings.NOW, ofSeconds(30)), Optional.empty())));
  }

  static TargetHealth target(String id, String state) {
    return new TargetHealth("tg", id, 8080, "", state, "", "", 8080);
  }

  static String elb(String operation, String result) {
    return "<R><%1$sResult>%2$s</%1$sResult></R>".formatted(operation, result);
  }

  static String rules(String... items) {
    return "<R><securityGroupRuleSet>" + String.join("", items) + "</securityGroupRuleSet></R>";
  }

  /** A rule for TCP 8080. */
  static String rule(String group, boolean egress, String peer) {
    return """
    <item><securityGroupRuleId>sgr-%1$s</securityGroupRuleId><groupId>%1$s</groupId>\
    <groupOwnerId>111111111111</groupOwnerId><isEgress>%2$s</isEgress>\
    <ipProtocol>tcp</ipProtocol><fromPort>8080</fromPort><toPort>8080</toPort>%3$s</item>\
    """
        .formatted(group, egress, peer);
  }

  static String fromGroup(String id, String account) {
    return "<referencedGroupInfo><groupId>%s</groupId><userId>%s</userId></referencedGroupInfo>"
        .formatted(id, account);
  }

  private static TargetGroup group() {
    return new TargetGroup(
        "tg",
        "tg",
        "HTTP",
        "HTTP1",
        80,
        "ip",
        List.of("lb"),
        new HealthCheck(false, "HTTP", "traffic-port", "/", "200", ofSeconds(15), ofSeconds(5)),
        Optional.empty());
  }

  static LoadBalancer balancer() {
    return new LoadBalancer(
        "lb",
        "lb",
        "lb.example",
        "application",
        Scheme.INTERNAL,
        "active",
        "",
        "vpc-1",
        Map.of("a", "subnet-lb"),
        List.of("sg-lb", "sg-quiet"),
        List.of(),
        Readings.NOW,
        Optional.empty());
  }
}
