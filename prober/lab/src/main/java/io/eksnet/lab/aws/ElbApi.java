package io.eksnet.lab.aws;

import static io.eksnet.lab.cluster.WireFields.fields;

import io.eksnet.lab.cluster.AwsResource;
import io.eksnet.lab.cluster.AwsResource.Cluster;
import io.eksnet.lab.cluster.AwsResource.LoadBalancer;
import io.eksnet.lab.cluster.AwsResource.TargetGroup;
import io.eksnet.lab.cluster.AwsResource.TargetHealth;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ids;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The actions of Elastic Load Balancing in its query protocol, API version 2015-12-01. */
final class ElbApi {
  private static final int MAX_TAGGED_RESOURCES = 20;
  private static final int DEFAULT_PAGE_SIZE = 400;

  private final AwsCall call;
  private final ClusterState state;

  ElbApi(AwsCall call) {
    this.call = call;
    this.state = call.state();
  }

  String respond() {
    return AwsXml.render(
        call.name() + "Response",
        "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
        "member",
        fields(
            call.name() + "Result",
            result(),
            "ResponseMetadata",
            fields("RequestId", call.requestId())));
  }

  private Map<String, Object> result() {
    return switch (call.name()) {
      case "DescribeLoadBalancers" ->
          page(
              "LoadBalancers",
              requested(
                  LoadBalancer.class,
                  LoadBalancer::name,
                  "LoadBalancerArns.member",
                  "LoadBalancerNotFound",
                  "Load balancers"),
              this::loadBalancer);
      case "DescribeTargetGroups" -> page("TargetGroups", targetGroups(), this::targetGroup);
      case "DescribeTargetHealth" -> targetHealth();
      case "DescribeListeners" -> listeners();
      case "DescribeLoadBalancerAttributes" -> loadBalancerAttributes();
      case "DescribeTargetGroupAttributes" -> targetGroupAttributes();
      case "DescribeTags" -> tags();
      default -> throw AwsError.invalidAction(call.name());
    };
  }

  private Map<String, Object> loadBalancer(LoadBalancer lb) {
    return fields(
        "LoadBalancerArn", lb.arn(),
        "LoadBalancerName", lb.name(),
        "DNSName", lb.host(),
        "CanonicalHostedZoneId", "Z32O12XQLNTSW2",
        "CreatedTime", lb.created(),
        "Scheme", lb.scheme(),
        "Type", lb.type(),
        "IpAddressType", "ipv4",
        "VpcId", state.only(Cluster.class).vpcId(),
        "State", fields("Code", lb.state(), "Reason", lb.reason()),
        "AvailabilityZones",
            lb.places().stream()
                .map(place -> fields("ZoneName", place.zone(), "SubnetId", place.subnetId()))
                .toList(),
        "SecurityGroups", lb.groups());
  }

  private List<TargetGroup> targetGroups() {
    var groups =
        requested(
            TargetGroup.class,
            TargetGroup::name,
            "TargetGroupArns.member",
            "TargetGroupNotFound",
            "Target groups");
    var arn = call.get("LoadBalancerArn");
    if (arn.isEmpty()) {
      return groups;
    }
    var lb = findLoadBalancer(arn);
    return groups.stream().filter(group -> lb.forwardsTo(group.arn())).toList();
  }

  private Map<String, Object> targetGroup(TargetGroup group) {
    var check = group.healthCheck();
    return fields(
        "TargetGroupArn", group.arn(),
        "TargetGroupName", group.name(),
        "Protocol", group.protocol(),
        "ProtocolVersion", group.protocolVersion(),
        "Port", group.port(),
        "VpcId", state.only(Cluster.class).vpcId(),
        "TargetType", group.targetType(),
        "IpAddressType", "ipv4",
        "HealthCheckEnabled", check.enabled(),
        "HealthCheckProtocol", check.protocol(),
        "HealthCheckPort", check.port(),
        "HealthCheckPath", check.path(),
        "HealthCheckIntervalSeconds", check.interval().toSeconds(),
        "HealthCheckTimeoutSeconds", check.timeout().toSeconds(),
        "HealthyThresholdCount", check.healthy(),
        "UnhealthyThresholdCount", check.unhealthy(),
        "LoadBalancerArns",
            state.all(LoadBalancer.class).stream()
                .filter(lb -> lb.forwardsTo(group.arn()))
                .map(LoadBalancer::arn)
                .toList(),
        "Matcher", check.matcher().isEmpty() ? null : fields("HttpCode", check.matcher()));
  }

  private Map<String, Object> targetHealth() {
    var arn = call.require("TargetGroupArn");
    if (state.find(TargetGroup.class, arn).isEmpty()) {
      throw notFound("TargetGroupNotFound", "Target groups", arn);
    }
    return fields(
        "TargetHealthDescriptions",
        call.targetHealth().apply(arn).stream().map(ElbApi::targetHealth).toList());
  }

  private static Map<String, Object> targetHealth(TargetHealth health) {
    return fields(
        "Target",
            fields(
                "Id", health.target().id(),
                "Port", health.target().port(),
                "AvailabilityZone", health.target().zone()),
        "HealthCheckPort", health.healthCheckPort(),
        "TargetHealth",
            fields(
                "State", health.state(),
                "Reason", health.reason(),
                "Description", health.description()));
  }

  private Map<String, Object> listeners() {
    var lb = findLoadBalancer(call.require("LoadBalancerArn"));
    return page("Listeners", lb.listeners(), listener -> listener(lb, listener));
  }

  private static Map<String, Object> listener(LoadBalancer lb, LoadBalancer.Listener listener) {
    var arn =
        lb.arn().replace(":loadbalancer/", ":listener/")
            + "/"
            + Ids.hex(lb.arn() + listener.port(), 16);
    var action =
        fields(
            "Type",
            "fixed-response",
            "FixedResponseConfig",
            fields("StatusCode", "404", "ContentType", "text/plain"));
    return fields(
        "ListenerArn", arn,
        "LoadBalancerArn", lb.arn(),
        "Port", listener.port(),
        "Protocol", lb.protocolOf(listener),
        "DefaultActions", List.of(action));
  }

  private Map<String, Object> loadBalancerAttributes() {
    var lb = findLoadBalancer(call.require("LoadBalancerArn"));
    return attributes(
        lb.type().equals("network")
            ? Map.of("load_balancing.cross_zone.enabled", "false")
            : Map.of("idle_timeout.timeout_seconds", "60"));
  }

  private Map<String, Object> targetGroupAttributes() {
    var arn = call.require("TargetGroupArn");
    var group =
        state
            .find(TargetGroup.class, arn)
            .orElseThrow(() -> notFound("TargetGroupNotFound", "Target groups", arn));
    var attributes = new TreeMap<String, String>();
    attributes.put(
        "deregistration_delay.timeout_seconds", Long.toString(group.drain().toSeconds()));
    if (!group.protocol().startsWith("HTTP")) {
      attributes.put(
          "preserve_client_ip.enabled", Boolean.toString(group.targetType().equals("instance")));
    }
    return attributes(attributes);
  }

  private static Map<String, Object> attributes(Map<String, String> attributes) {
    return fields(
        "Attributes",
        attributes.entrySet().stream()
            .map(attribute -> fields("Key", attribute.getKey(), "Value", attribute.getValue()))
            .toList());
  }

  private Map<String, Object> tags() {
    var arns = call.list("ResourceArns.member");
    if (arns.size() > MAX_TAGGED_RESOURCES) {
      throw new AwsError(
          400,
          "ValidationError",
          "1 validation error detected: Value at 'resourceArns' failed to satisfy constraint:"
              + " Member must have length less than or equal to 20");
    }
    return fields(
        "TagDescriptions",
        arns.stream().map(arn -> fields("ResourceArn", arn, "Tags", tags(arn))).toList());
  }

  private List<Map<String, Object>> tags(String arn) {
    Optional<Map<String, String>> tags =
        state.find(LoadBalancer.class, arn).map(LoadBalancer::tags);
    return tags
        .or(() -> state.find(TargetGroup.class, arn).map(TargetGroup::tags))
        .orElseThrow(() -> notFound("LoadBalancerNotFound", "Load balancers", arn))
        .entrySet()
        .stream()
        .map(tag -> fields("Key", tag.getKey(), "Value", tag.getValue()))
        .toList();
  }

  private LoadBalancer findLoadBalancer(String arn) {
    return state
        .find(LoadBalancer.class, arn)
        .orElseThrow(() -> notFound("LoadBalancerNotFound", "Load balancers", arn));
  }

  private <T> Map<String, Object> page(
      String name, List<T> all, Function<T, Map<String, Object>> content) {
    var page = call.page(all, "Marker", "PageSize", DEFAULT_PAGE_SIZE);
    return fields(
        name, page.items().stream().map(content).toList(), "NextMarker", page.nextToken());
  }

  /** The items with the requested ARNs or names, or all. */
  private <T extends AwsResource> List<T> requested(
      Class<T> type, Function<T, String> name, String arnParameter, String error, String what) {
    var all = state.all(type);
    var arns = call.list(arnParameter);
    var names = call.list("Names.member");
    if (arns.isEmpty() && names.isEmpty()) {
      return all;
    }
    for (var arn : arns) {
      if (state.find(type, arn).isEmpty()) {
        throw notFound(error, what, arn);
      }
    }
    for (var wanted : names) {
      if (all.stream().noneMatch(item -> name.apply(item).equals(wanted))) {
        throw notFound(error, what, wanted);
      }
    }
    return all.stream()
        .filter(item -> arns.contains(item.key()) || names.contains(name.apply(item)))
        .toList();
  }

  private static AwsError notFound(String code, String what, String id) {
    return new AwsError(400, code, what + " '[" + id + "]' not found");
  }
}
