package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.orEmpty;
import static io.eksnet.inventory.aws.SdkValues.orZero;

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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AvailabilityZone;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerState;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Matcher;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;

/** Converts responses of ELBv2. */
final class ElbValues {
  private static final Set<String> TYPES = Set.of("application", "network");

  private ElbValues() {}

  /** A load balancer without listeners; empty for a gateway load balancer. */
  static Optional<LoadBalancer> loadBalancer(
      software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer lb) {
    var type = orEmpty(lb.typeAsString());
    if (!TYPES.contains(type)) {
      return Optional.empty();
    }
    LoadBalancerState state = lb.state();
    return Optional.of(
        new LoadBalancer(
            orEmpty(lb.loadBalancerArn()),
            orEmpty(lb.loadBalancerName()),
            orEmpty(lb.dnsName()),
            type,
            Scheme.INTERNAL.label().equals(lb.schemeAsString())
                ? Scheme.INTERNAL
                : Scheme.INTERNET_FACING,
            state == null ? "" : orEmpty(state.codeAsString()),
            state == null ? "" : orEmpty(state.reason()),
            orEmpty(lb.vpcId()),
            lb.availabilityZones().stream()
                .collect(
                    Collectors.toMap(
                        zone -> orEmpty(zone.zoneName()),
                        (AvailabilityZone zone) -> orEmpty(zone.subnetId()),
                        (a, b) -> a)),
            lb.securityGroups(),
            List.of(),
            Objects.requireNonNullElse(lb.createdTime(), Instant.EPOCH),
            Optional.empty()));
  }

  static LoadBalancer with(
      LoadBalancer lb, List<Listener> listeners, Optional<Duration> idleTimeout) {
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
        lb.created(),
        idleTimeout);
  }

  /** The idle timeout; empty if the attribute is not there. */
  static Optional<Duration> idleTimeout(List<LoadBalancerAttribute> attributes) {
    return attributes.stream()
        .filter(one -> orEmpty(one.key()).equals("idle_timeout.timeout_seconds"))
        .map(one -> orEmpty(one.value()))
        .filter(seconds -> seconds.matches("\\d{1,6}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
        .findFirst();
  }

  /** Whether client addresses are preserved; empty if the attribute is not there. */
  static Optional<Boolean> preservesClientIp(List<TargetGroupAttribute> attributes) {
    return attributes.stream()
        .filter(one -> orEmpty(one.key()).equals("preserve_client_ip.enabled"))
        .map(one -> orEmpty(one.value()).equals("true"))
        .findFirst();
  }

  static Listener listener(
      software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener listener) {
    return new Listener(orZero(listener.port()), orEmpty(listener.protocolAsString()));
  }

  static Map<String, String> tags(TagDescription described) {
    return described.tags().stream()
        .collect(Collectors.toMap(Tag::key, tag -> orEmpty(tag.value()), (a, b) -> a));
  }

  static TargetGroup targetGroup(
      software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup group) {
    return new TargetGroup(
        orEmpty(group.targetGroupArn()),
        orEmpty(group.targetGroupName()),
        orEmpty(group.protocolAsString()),
        orEmpty(group.protocolVersion()),
        orZero(group.port()),
        orEmpty(group.targetTypeAsString()),
        group.loadBalancerArns(),
        healthCheck(group),
        Optional.empty());
  }

  private static HealthCheck healthCheck(
      software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup group) {
    Boolean enabled = group.healthCheckEnabled();
    Matcher matcher = group.matcher();
    return new HealthCheck(
        enabled == null || enabled,
        orEmpty(group.healthCheckProtocolAsString()),
        orEmpty(group.healthCheckPort()),
        orEmpty(group.healthCheckPath()),
        matcher == null ? "" : orEmpty(matcher.httpCode()) + orEmpty(matcher.grpcCode()),
        Duration.ofSeconds(orZero(group.healthCheckIntervalSeconds())),
        Duration.ofSeconds(orZero(group.healthCheckTimeoutSeconds())));
  }

  static TargetHealth targetHealth(String groupArn, TargetHealthDescription described) {
    var target = described.target();
    var health = described.targetHealth();
    var zone = orEmpty(target.availabilityZone());
    return new TargetHealth(
        groupArn,
        orEmpty(target.id()),
        orZero(target.port()),
        zone.equals("all") ? "" : zone,
        health == null ? "unavailable" : orEmpty(health.stateAsString()),
        health == null ? "" : orEmpty(health.reasonAsString()),
        health == null ? "" : orEmpty(health.description()),
        port(described.healthCheckPort(), orZero(target.port())));
  }

  /** The health check port may also be {@code traffic-port}. */
  private static int port(@Nullable String text, int otherwise) {
    return text != null && text.matches("\\d{1,5}") ? Integer.parseInt(text) : otherwise;
  }
}
