package io.eksnet.lab.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A target group.
 *
 * @param targetType {@code ip} or {@code instance}
 * @param drain how long a target that was taken away drains
 */
public record TargetGroup(
    String arn,
    String name,
    String protocol,
    String protocolVersion,
    int port,
    String targetType,
    HealthCheck healthCheck,
    List<Target> targets,
    Duration drain,
    Map<String, String> tags)
    implements Item {

  public TargetGroup {
    targets = List.copyOf(targets);
    tags = Map.copyOf(tags);
  }

  @Override
  public String key() {
    return arn;
  }

  /** A target: an address or an instance. */
  public record Target(String id, int port, String zone) {}

  /**
   * How targets are checked; the defaults of the AWS Load Balancer Controller, not those of ELB.
   *
   * @param port a number or {@code traffic-port}
   * @param matcher such as {@code 200} or {@code 200-299,301}
   */
  public record HealthCheck(
      boolean enabled,
      String protocol,
      String port,
      String path,
      String matcher,
      Duration interval,
      Duration timeout,
      int healthy,
      int unhealthy) {
    /** Over HTTP at the traffic port. */
    public static HealthCheck http(String path) {
      return new HealthCheck(
          true,
          "HTTP",
          "traffic-port",
          path,
          "200",
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          2,
          2);
    }

    public HealthCheck withPath(String next) {
      return new HealthCheck(
          enabled, protocol, port, next, matcher, interval, timeout, healthy, unhealthy);
    }

    public HealthCheck withPort(String next) {
      return new HealthCheck(
          enabled, protocol, next, path, matcher, interval, timeout, healthy, unhealthy);
    }

    public HealthCheck withEnabled(boolean next) {
      return new HealthCheck(
          next, protocol, port, path, matcher, interval, timeout, healthy, unhealthy);
    }

    /** The port at which a target is checked. */
    public int portOf(Target target) {
      return port.equals("traffic-port") ? target.port() : Integer.parseInt(port);
    }
  }

  public TargetGroup withHealthCheck(HealthCheck next) {
    return new TargetGroup(
        arn, name, protocol, protocolVersion, port, targetType, next, targets, drain, tags);
  }

  public TargetGroup withTargets(List<Target> next) {
    return new TargetGroup(
        arn, name, protocol, protocolVersion, port, targetType, healthCheck, next, drain, tags);
  }

  public TargetGroup withDrain(Duration next) {
    return new TargetGroup(
        arn, name, protocol, protocolVersion, port, targetType, healthCheck, targets, next, tags);
  }
}
