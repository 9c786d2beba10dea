package io.eksnet.lab.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A load balancer.
 *
 * @param type {@code application} or {@code network}
 * @param scheme {@code internet-facing} or {@code internal}
 * @param state {@code provisioning}, {@code active}, {@code active_impaired} or {@code failed}
 * @param places where it listens
 */
public record LoadBalancer(
    String arn,
    String name,
    String host,
    String type,
    String scheme,
    String state,
    String reason,
    List<Place> places,
    List<String> groups,
    List<Listener> listeners,
    Map<String, String> tags,
    Instant created)
    implements Item {

  public LoadBalancer {
    places = List.copyOf(places);
    groups = List.copyOf(groups);
    listeners = List.copyOf(listeners);
    tags = Map.copyOf(tags);
  }

  @Override
  public String key() {
    return arn;
  }

  /** Its address in a zone. */
  public record Place(String zone, String subnetId, String address) {}

  /** A port with the rules that are tried in order; what none takes gets 404. */
  public record Listener(String protocol, int port, List<Rule> rules) {
    public Listener {
      rules = List.copyOf(rules);
    }
  }

  /**
   * Where requests go.
   *
   * @param host empty: every host
   * @param path the beginning of the path
   */
  public record Rule(String host, String path, String targetGroupArn) {}

  public LoadBalancer withState(String next) {
    return new LoadBalancer(
        arn, name, host, type, scheme, next, reason, places, groups, listeners, tags, created);
  }

  public LoadBalancer withReason(String next) {
    return new LoadBalancer(
        arn, name, host, type, scheme, state, next, places, groups, listeners, tags, created);
  }

  public LoadBalancer withGroups(List<String> next) {
    return new LoadBalancer(
        arn, name, host, type, scheme, state, reason, places, next, listeners, tags, created);
  }

  public LoadBalancer withPlaces(List<Place> next) {
    return new LoadBalancer(
        arn, name, host, type, scheme, state, reason, next, groups, listeners, tags, created);
  }

  public LoadBalancer withListeners(List<Listener> next) {
    return new LoadBalancer(
        arn, name, host, type, scheme, state, reason, places, groups, next, tags, created);
  }

  /** Whether a listener of it leads to a target group. */
  public boolean uses(String targetGroupArn) {
    return listeners.stream()
        .flatMap(listener -> listener.rules().stream())
        .anyMatch(rule -> rule.targetGroupArn().equals(targetGroupArn));
  }

  /** The part of its ARN that names it: {@code app/name/id}. */
  public String path() {
    return arn.substring(arn.indexOf("loadbalancer/") + "loadbalancer/".length());
  }
}
