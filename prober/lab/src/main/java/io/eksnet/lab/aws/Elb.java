package io.eksnet.lab.aws;

import io.eksnet.lab.cluster.Cluster;
import io.eksnet.lab.cluster.Ids;
import io.eksnet.lab.cluster.Item;
import io.eksnet.lab.cluster.LoadBalancer;
import io.eksnet.lab.cluster.TargetGroup;
import io.eksnet.lab.cluster.TargetHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Elastic Load Balancing's actions in its query protocol, API version 2015-12-01. */
final class Elb {
  private static final String NAMESPACE =
      "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";
  private static final int MOST_TAGGED = 20;
  private static final int PAGE = 400;

  private final Call call;

  Elb(Call call) {
    this.call = call;
  }

  /** The answer to the call. */
  String answer() {
    return new Xml()
        .in(
            call.name() + "Response xmlns=\"" + NAMESPACE + "\"",
            xml ->
                xml.in(call.name() + "Result", this::result)
                    .in(
                        "ResponseMetadata",
                        in -> in.text("RequestId", Ids.hex(call.toString(), 32))))
        .toString();
  }

  private void result(Xml xml) {
    switch (call.name()) {
      case "DescribeLoadBalancers" -> loadBalancers(xml);
      case "DescribeTargetGroups" -> targetGroups(xml);
      case "DescribeTargetHealth" -> targetHealth(xml);
      case "DescribeListeners" -> listeners(xml);
      case "DescribeTags" -> tags(xml);
      default -> throw AwsApi.unknown(call.name());
    }
  }

  private void loadBalancers(Xml xml) {
    var all =
        named(
            LoadBalancer.class,
            LoadBalancer::arn,
            LoadBalancer::name,
            "LoadBalancerArns.member",
            "LoadBalancerNotFound",
            "Load balancer");
    paged(xml, "LoadBalancers", all, this::loadBalancer);
  }

  private void loadBalancer(Xml xml, LoadBalancer lb) {
    xml.text("LoadBalancerArn", lb.arn())
        .text("LoadBalancerName", lb.name())
        .text("DNSName", lb.host())
        .text("CanonicalHostedZoneId", "Z32O12XQLNTSW2")
        .text("CreatedTime", lb.created())
        .text("Scheme", lb.scheme())
        .text("Type", lb.type())
        .text("IpAddressType", "ipv4")
        .text("VpcId", call.state().only(Cluster.class).vpcId())
        .in("State", in -> in.text("Code", lb.state()).text("Reason", lb.reason()))
        .list(
            "AvailabilityZones",
            "member",
            lb.places(),
            (item, place) -> item.text("ZoneName", place.zone()).text("SubnetId", place.subnetId()))
        .texts("SecurityGroups", "member", lb.groups());
  }

  private void targetGroups(Xml xml) {
    var all =
        named(
            TargetGroup.class,
            TargetGroup::arn,
            TargetGroup::name,
            "TargetGroupArns.member",
            "TargetGroupNotFound",
            "Target group");
    var arn = call.get("LoadBalancerArn");
    var kept =
        arn.isEmpty() ? all : all.stream().filter(group -> need(arn).uses(group.arn())).toList();
    paged(xml, "TargetGroups", kept, this::targetGroup);
  }

  private void targetGroup(Xml xml, TargetGroup group) {
    var check = group.healthCheck();
    xml.text("TargetGroupArn", group.arn())
        .text("TargetGroupName", group.name())
        .text("Protocol", group.protocol())
        .text("ProtocolVersion", group.protocolVersion())
        .text("Port", group.port())
        .text("VpcId", call.state().only(Cluster.class).vpcId())
        .text("TargetType", group.targetType())
        .text("IpAddressType", "ipv4")
        .text("HealthCheckEnabled", check.enabled())
        .text("HealthCheckProtocol", check.protocol())
        .text("HealthCheckPort", check.port())
        .text("HealthCheckPath", check.path())
        .text("HealthCheckIntervalSeconds", check.interval().toSeconds())
        .text("HealthCheckTimeoutSeconds", check.timeout().toSeconds())
        .text("HealthyThresholdCount", check.healthy())
        .text("UnhealthyThresholdCount", check.unhealthy())
        .texts(
            "LoadBalancerArns",
            "member",
            call.state().all(LoadBalancer.class).stream()
                .filter(lb -> lb.uses(group.arn()))
                .map(LoadBalancer::arn)
                .toList());
    if (!check.matcher().isEmpty()) {
      xml.in("Matcher", in -> in.text("HttpCode", check.matcher()));
    }
  }

  private void targetHealth(Xml xml) {
    var arn = call.need("TargetGroupArn");
    if (call.state().find(TargetGroup.class, arn).isEmpty()) {
      throw notFound("TargetGroupNotFound", "Target groups", arn);
    }
    xml.list("TargetHealthDescriptions", "member", call.health().apply(arn), Elb::health);
  }

  private static void health(Xml xml, TargetHealth health) {
    xml.in(
            "Target",
            in ->
                in.text("Id", health.target().id())
                    .text("Port", health.target().port())
                    .text("AvailabilityZone", health.target().zone()))
        .text("HealthCheckPort", health.healthCheckPort())
        .in(
            "TargetHealth",
            in ->
                in.text("State", health.state())
                    .text("Reason", health.reason())
                    .text("Description", health.description()));
  }

  private void listeners(Xml xml) {
    var lb = need(call.need("LoadBalancerArn"));
    paged(
        xml,
        "Listeners",
        lb.listeners(),
        (item, listener) ->
            item.text("ListenerArn", arn(lb, listener))
                .text("LoadBalancerArn", lb.arn())
                .text("Port", listener.port())
                .text("Protocol", listener.protocol())
                .list(
                    "DefaultActions",
                    "member",
                    List.of("fixed-response"),
                    (action, type) ->
                        action
                            .text("Type", type)
                            .in(
                                "FixedResponseConfig",
                                in ->
                                    in.text("StatusCode", "404")
                                        .text("ContentType", "text/plain"))));
  }

  private static String arn(LoadBalancer lb, LoadBalancer.Listener listener) {
    return lb.arn().replace(":loadbalancer/", ":listener/")
        + "/"
        + Ids.hex(lb.arn() + listener.port(), 16);
  }

  private void tags(Xml xml) {
    var arns = call.list("ResourceArns.member");
    if (arns.size() > MOST_TAGGED) {
      throw new AwsError(
          400,
          "ValidationError",
          "1 validation error detected: Value at 'resourceArns' failed to satisfy constraint:"
              + " Member must have length less than or equal to 20");
    }
    xml.list(
        "TagDescriptions",
        "member",
        arns,
        (item, arn) ->
            item.text("ResourceArn", arn)
                .list(
                    "Tags",
                    "member",
                    tagsOf(arn).entrySet(),
                    (tag, entry) ->
                        tag.text("Key", entry.getKey()).text("Value", entry.getValue())));
  }

  private Map<String, String> tagsOf(String arn) {
    Optional<Map<String, String>> lb =
        call.state().find(LoadBalancer.class, arn).map(LoadBalancer::tags);
    return lb.or(() -> call.state().find(TargetGroup.class, arn).map(TargetGroup::tags))
        .orElseThrow(() -> notFound("LoadBalancerNotFound", "Load balancers", arn));
  }

  private LoadBalancer need(String arn) {
    return call.state()
        .find(LoadBalancer.class, arn)
        .orElseThrow(() -> notFound("LoadBalancerNotFound", "Load balancers", arn));
  }

  private <T> void paged(Xml xml, String list, List<T> all, BiConsumer<Xml, T> each) {
    var page = call.cut("Marker", "PageSize", PAGE).of(all);
    xml.list(list, "member", page.items(), each).text("NextMarker", page.next());
  }

  /** Those asked for by ARN or by name, or all. */
  private <T extends Item> List<T> named(
      Class<T> type,
      Function<T, String> arn,
      Function<T, String> name,
      String arns,
      String error,
      String what) {
    var all = call.state().all(type);
    var byArn = call.list(arns);
    var byName = call.list("Names.member");
    if (byArn.isEmpty() && byName.isEmpty()) {
      return all;
    }
    for (var asked : byArn) {
      if (all.stream().noneMatch(thing -> arn.apply(thing).equals(asked))) {
        throw notFound(error, what + "s", asked);
      }
    }
    for (var asked : byName) {
      if (all.stream().noneMatch(thing -> name.apply(thing).equals(asked))) {
        throw notFound(error, what + "s", asked);
      }
    }
    return all.stream()
        .filter(thing -> byArn.contains(arn.apply(thing)) || byName.contains(name.apply(thing)))
        .toList();
  }

  private static AwsError notFound(String code, String what, String id) {
    return new AwsError(400, code, what + " '[" + id + "]' not found");
  }
}
