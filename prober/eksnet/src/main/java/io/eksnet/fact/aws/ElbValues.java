package io.eksnet.fact.aws;

import io.eksnet.core.inventory.HealthCheck;
import io.eksnet.core.inventory.LoadBalancer;
import io.eksnet.core.inventory.LoadBalancer.Listener;
import io.eksnet.core.inventory.Scheme;
import io.eksnet.core.inventory.TargetGroup;
import io.eksnet.core.inventory.TargetHealth;
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
    var type = Said.text(lb.typeAsString());
    if (!TYPES.contains(type)) {
      return Optional.empty();
    }
    LoadBalancerState state = lb.state();
    return Optional.of(
        new LoadBalancer(
            Said.text(lb.loadBalancerArn()),
            Said.text(lb.loadBalancerName()),
            Said.text(lb.dnsName()),
            type,
            Scheme.INTERNAL.label().equals(lb.schemeAsString())
                ? Scheme.INTERNAL
                : Scheme.INTERNET_FACING,
            state == null ? "" : Said.text(state.codeAsString()),
            state == null ? "" : Said.text(state.reason()),
            Said.text(lb.vpcId()),
            lb.availabilityZones().stream()
                .collect(
                    Collectors.toMap(
                        zone -> Said.text(zone.zoneName()),
                        (AvailabilityZone zone) -> Said.text(zone.subnetId()),
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
    return new Listener(number(listener.port()), Said.text(listener.protocolAsString()));
  }

  static Map<String, String> tags(TagDescription described) {
    return described.tags().stream()
        .collect(Collectors.toMap(Tag::key, tag -> Said.text(tag.value()), (a, b) -> a));
  }

  static TargetGroup group(
      software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup group) {
    return new TargetGroup(
        Said.text(group.targetGroupArn()),
        Said.text(group.targetGroupName()),
        Said.text(group.protocolAsString()),
        Said.text(group.protocolVersion()),
        number(group.port()),
        Said.text(group.targetTypeAsString()),
        group.loadBalancerArns(),
        healthCheck(group));
  }

  private static HealthCheck healthCheck(
      software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup group) {
    Boolean enabled = group.healthCheckEnabled();
    Matcher matcher = group.matcher();
    return new HealthCheck(
        enabled == null || enabled,
        Said.text(group.healthCheckProtocolAsString()),
        Said.text(group.healthCheckPort()),
        Said.text(group.healthCheckPath()),
        matcher == null ? "" : Said.text(matcher.httpCode()) + Said.text(matcher.grpcCode()),
        Duration.ofSeconds(number(group.healthCheckIntervalSeconds())),
        Duration.ofSeconds(number(group.healthCheckTimeoutSeconds())));
  }

  static TargetHealth health(String groupArn, TargetHealthDescription described) {
    var target = described.target();
    var health = described.targetHealth();
    var zone = Said.text(target.availabilityZone());
    return new TargetHealth(
        groupArn,
        Said.text(target.id()),
        number(target.port()),
        zone.equals("all") ? "" : zone,
        health == null ? "unavailable" : Said.text(health.stateAsString()),
        health == null ? "" : Said.text(health.reasonAsString()),
        health == null ? "" : Said.text(health.description()),
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
