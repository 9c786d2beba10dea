package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AvailabilityZone;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerState;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Matcher;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;

/** What ELBv2 answers, as values of ours. */
final class ElbValues {
  private static final Set<String> TYPES = Set.of("application", "network");

  private ElbValues() {}

  /**
   * A load balancer, its listeners not known yet; none: a kind that has no targets in a cluster.
   */
  static Optional<LoadBalancer> balancer(
      software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer lb) {
    var type = SdkNulls.text(lb.typeAsString());
    if (!TYPES.contains(type)) {
      return Optional.empty();
    }
    LoadBalancerState state = lb.state();
    return Optional.of(
        new LoadBalancer(
            SdkNulls.text(lb.loadBalancerArn()),
            SdkNulls.text(lb.loadBalancerName()),
            SdkNulls.text(lb.dnsName()),
            type,
            Scheme.INTERNAL.label().equals(lb.schemeAsString())
                ? Scheme.INTERNAL
                : Scheme.INTERNET_FACING,
            state == null ? "" : SdkNulls.text(state.codeAsString()),
            state == null ? "" : SdkNulls.text(state.reason()),
            SdkNulls.text(lb.vpcId()),
            lb.availabilityZones().stream()
                .collect(
                    Collectors.toMap(
                        zone -> SdkNulls.text(zone.zoneName()),
                        (AvailabilityZone zone) -> SdkNulls.text(zone.subnetId()),
                        (a, b) -> a)),
            lb.securityGroups(),
            List.of(),
            time(lb.createdTime())));
  }

  static LoadBalancer listening(LoadBalancer lb, List<Listener> listeners) {
    return new LoadBalancer(
        lb.arn(),
        lb.name(),
        lb.dnsName(),
        lb.type(),
        lb.scheme(),
        lb.state(),
        lb.stateReason(),
        lb.vpcId(),
        lb.subnets(),
        lb.securityGroups(),
        listeners,
        lb.created());
  }

  static Listener listener(
      software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener listener) {
    return new Listener(number(listener.port()), SdkNulls.text(listener.protocolAsString()));
  }

  static Map<String, String> tags(TagDescription described) {
    return described.tags().stream()
        .collect(Collectors.toMap(Tag::key, tag -> SdkNulls.text(tag.value()), (a, b) -> a));
  }

  static TargetGroup group(
      software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup group) {
    return new TargetGroup(
        SdkNulls.text(group.targetGroupArn()),
        SdkNulls.text(group.targetGroupName()),
        SdkNulls.text(group.protocolAsString()),
        SdkNulls.text(group.protocolVersion()),
        number(group.port()),
        SdkNulls.text(group.targetTypeAsString()),
        group.loadBalancerArns(),
        healthCheck(group));
  }

  private static HealthCheck healthCheck(
      software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup group) {
    Boolean enabled = group.healthCheckEnabled();
    Matcher matcher = group.matcher();
    return new HealthCheck(
        enabled == null || enabled,
        SdkNulls.text(group.healthCheckProtocolAsString()),
        SdkNulls.text(group.healthCheckPort()),
        SdkNulls.text(group.healthCheckPath()),
        matcher == null
            ? ""
            : SdkNulls.text(matcher.httpCode()) + SdkNulls.text(matcher.grpcCode()),
        Duration.ofSeconds(number(group.healthCheckIntervalSeconds())),
        Duration.ofSeconds(number(group.healthCheckTimeoutSeconds())));
  }

  static TargetHealth health(String groupArn, TargetHealthDescription described) {
    var target = described.target();
    var health = described.targetHealth();
    var zone = SdkNulls.text(target.availabilityZone());
    return new TargetHealth(
        groupArn,
        SdkNulls.text(target.id()),
        number(target.port()),
        zone.equals("all") ? "" : zone,
        health == null ? "unavailable" : SdkNulls.text(health.stateAsString()),
        health == null ? "" : SdkNulls.text(health.reasonAsString()),
        health == null ? "" : SdkNulls.text(health.description()),
        port(described.healthCheckPort(), number(target.port())));
  }

  private static int port(@Nullable String text, int otherwise) {
    return text != null && text.matches("\\d{1,5}") ? Integer.parseInt(text) : otherwise;
  }

  private static int number(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  private static Instant time(@Nullable Instant time) {
    return time == null ? Instant.EPOCH : time;
  }
}
