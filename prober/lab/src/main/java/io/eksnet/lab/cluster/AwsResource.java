package io.eksnet.lab.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the AWS APIs describe. Fields have the meaning of the API fields of the same name. */
public sealed interface AwsResource extends Item {
  /**
   * The cluster as EKS describes it.
   *
   * @param supportType {@code STANDARD} or {@code EXTENDED}
   */
  record Cluster(
      String name,
      String region,
      String account,
      String version,
      String status,
      String vpcId,
      List<String> subnetIds,
      String securityGroupId,
      String serviceCidr,
      boolean autoMode,
      String supportType,
      List<Issue> issues,
      Instant created)
      implements AwsResource {
    @Override
    public String key() {
      return name;
    }

    /** The host of its API endpoint. */
    public String apiServer() {
      return "0A1B2C3D4E5F.gr7." + region + ".eks.amazonaws.com";
    }

    /** The ARN of the cluster. */
    public String arn() {
      return "arn:aws:eks:" + region + ":" + account + ":cluster/" + name;
    }
  }

  /** A health issue of a cluster or an add-on. */
  record Issue(String code, String message) {}

  /** A Kubernetes version and its support dates. */
  record ClusterVersion(
      String version, String status, Instant released, Instant standardEnd, Instant extendedEnd)
      implements AwsResource {
    @Override
    public String key() {
      return version;
    }
  }

  /** An EKS add-on. */
  record Addon(String name, String version, String status, List<Issue> issues)
      implements AwsResource {
    @Override
    public String key() {
      return name;
    }
  }

  /** A Fargate profile. */
  record FargateProfile(
      String name, String status, List<String> subnetIds, List<Selector> selectors, Instant created)
      implements AwsResource {
    /** Selects the pods of a namespace that have these labels. */
    public record Selector(String namespace, Map<String, String> labels) {}

    @Override
    public String key() {
      return name;
    }
  }

  /** A Pod Identity association: the IAM role of a service account. */
  record PodIdentity(String id, String namespace, String serviceAccount, String roleArn)
      implements AwsResource {
    @Override
    public String key() {
      return id;
    }
  }

  /**
   * A VPC.
   *
   * @param withoutDns whether {@code enableDnsSupport} is off
   * @param withoutDnsHostnames whether {@code enableDnsHostnames} is off
   */
  record Vpc(String id, List<String> cidrs, boolean withoutDns, boolean withoutDnsHostnames)
      implements AwsResource {
    @Override
    public String key() {
      return id;
    }
  }

  /**
   * A subnet.
   *
   * @param available the number of free IPv4 addresses
   * @param routed whether its route table has a route to an internet gateway
   * @param reservations the CIDR reservations of type {@code prefix}
   */
  record Subnet(
      String id,
      String zone,
      String cidr,
      int available,
      boolean routed,
      String ipv6Cidr,
      Map<String, String> tags,
      List<String> reservations)
      implements AwsResource {
    @Override
    public String key() {
      return id;
    }
  }

  /**
   * A network ACL.
   *
   * @param byDefault whether subnets that no other ACL names use it
   * @param subnetIds the subnets that use it, if it is not the default
   */
  record NetworkAcl(
      String id, boolean byDefault, List<String> subnetIds, List<NetworkAcl.Rule> rules)
      implements AwsResource {
    /**
     * A rule; that with the lowest number decides, and without any, packets are denied.
     *
     * @param action {@code allow} or {@code deny}
     * @param protocol a number, -1 for all
     * @param from the first port
     */
    public record Rule(
        int number, boolean egress, String action, String protocol, String cidr, int from, int to) {
      boolean matches(boolean outbound, String peer, int port) {
        return egress == outbound
            && Ipv4Range.parse(cidr).contains(Ipv4Range.parse(peer))
            && (protocol.equals("-1") || (protocol.equals("6") && from <= port && port <= to));
      }
    }

    @Override
    public String key() {
      return id;
    }

    /** Whether a TCP packet with this destination port may leave or enter. */
    public boolean allows(boolean egress, String peer, int port) {
      return rules.stream()
          .filter(rule -> rule.matches(egress, peer, port))
          .min(Comparator.comparingInt(Rule::number))
          .filter(rule -> rule.action().equals("allow"))
          .isPresent();
    }
  }

  /**
   * A route table of some subnets. Other public subnets have one with a route to an internet
   * gateway, and other private ones the main one, with a route to the first NAT gateway.
   */
  record RouteTable(String id, List<String> subnetIds, List<RouteTable.Route> routes)
      implements AwsResource {
    /**
     * A route beside the local one.
     *
     * @param target such as {@code nat-…}, {@code igw-…}, {@code tgw-…} or {@code pcx-…}
     */
    public record Route(String destination, String target, boolean blackhole) {}

    @Override
    public String key() {
      return id;
    }
  }

  /**
   * A public NAT gateway.
   *
   * @param state {@code pending}, {@code available}, {@code failed}, {@code deleting} or {@code
   *     deleted}
   */
  record NatGateway(
      String id, String subnetId, String state, String failureCode, String failureMessage)
      implements AwsResource {
    @Override
    public String key() {
      return id;
    }
  }

  /**
   * A network interface.
   *
   * @param type {@code interface}, {@code branch}, {@code trunk}, {@code vpc_endpoint}, …
   * @param instanceId empty if it is attached to no instance
   * @param device the device index; 0 is the primary interface
   * @param prefixes the delegated IPv4 prefixes
   */
  record Eni(
      String id,
      String subnetId,
      String zone,
      String type,
      String description,
      String instanceId,
      int device,
      List<String> addresses,
      List<String> prefixes,
      List<String> groups,
      Map<String, String> tags)
      implements AwsResource {
    @Override
    public String key() {
      return id;
    }

    /** {@code available} if the VPC CNI created it and it is attached to no instance. */
    public String status() {
      return instanceId.isEmpty() && type.equals("interface") && description.startsWith("aws-K8S")
          ? "available"
          : "in-use";
    }
  }

  /** A security group. */
  record SecurityGroup(
      String id,
      String name,
      String description,
      List<SecurityGroup.Rule> rules,
      Map<String, String> tags)
      implements AwsResource {
    /**
     * A rule.
     *
     * @param protocol {@code tcp}, {@code udp}, {@code icmp} or {@code -1} for all
     * @param from the first port, -1 for all
     * @param peer the id of a security group or prefix list, or an IPv4 or IPv6 CIDR
     */
    public record Rule(String id, boolean egress, String protocol, int from, int to, String peer) {}

    @Override
    public String key() {
      return id;
    }
  }

  /**
   * A VPC endpoint.
   *
   * @param service the last part of the service name, such as {@code sts}
   * @param type {@code Interface} or {@code Gateway}
   */
  record VpcEndpoint(
      String id,
      String service,
      String type,
      String state,
      boolean privateDns,
      List<String> subnetIds,
      List<String> groups)
      implements AwsResource {
    @Override
    public String key() {
      return id;
    }
  }

  /** A managed prefix list. */
  record PrefixList(String id, String name, String owner, List<String> entries)
      implements AwsResource {
    @Override
    public String key() {
      return id;
    }
  }

  /**
   * A load balancer.
   *
   * @param type {@code application} or {@code network}
   * @param scheme {@code internet-facing} or {@code internal}
   * @param state {@code provisioning}, {@code active}, {@code active_impaired} or {@code failed}
   * @param certificate {@code valid}, {@code expired} or {@code other_name}: all its listeners
   *     terminate TLS with it; empty: none does
   * @param places the zones it is enabled in
   */
  record LoadBalancer(
      String arn,
      String name,
      String host,
      String type,
      String scheme,
      String state,
      String reason,
      String certificate,
      List<Place> places,
      List<String> groups,
      List<Listener> listeners,
      Map<String, String> tags,
      Instant created)
      implements AwsResource {
    /**
     * Its address in a zone.
     *
     * @param fault {@code refuse} or {@code drop}: connections to this address; else empty
     */
    public record Place(String zone, String subnetId, String address, String fault) {}

    /** A listener; its rules are evaluated in order, and the default action is a fixed 404. */
    public record Listener(String protocol, int port, List<LoadBalancer.Rule> rules) {}

    /**
     * A forward rule.
     *
     * @param host empty for every host
     * @param path the path prefix
     */
    public record Rule(String host, String path, String targetGroupArn) {}

    @Override
    public String key() {
      return arn;
    }

    /** The protocol of a listener, with TLS if the load balancer has a certificate. */
    public String protocolOf(Listener listener) {
      if (certificate.isEmpty()) {
        return listener.protocol();
      }
      return type.equals("network") ? "TLS" : "HTTPS";
    }

    /** Whether a listener rule forwards to the target group. */
    public boolean forwardsTo(String targetGroupArn) {
      return listeners.stream()
          .flatMap(listener -> listener.rules().stream())
          .anyMatch(rule -> rule.targetGroupArn().equals(targetGroupArn));
    }
  }

  /**
   * A target group.
   *
   * @param targetType {@code ip} or {@code instance}
   * @param drain the deregistration delay
   */
  record TargetGroup(
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
      implements AwsResource {
    public TargetGroup {
      Objects.requireNonNull(healthCheck, "healthCheck is missing");
    }

    /** A target; {@code id} is an address or an instance id. */
    public record Target(String id, int port, String zone) {}

    /**
     * The health check settings.
     *
     * @param port a number or {@code traffic-port}
     * @param matcher the healthy codes, such as {@code 200} or {@code 200-299,301}
     * @param healthy the healthy threshold
     * @param unhealthy the unhealthy threshold
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
      /** The port that is checked on a target. */
      public int portOf(Target target) {
        return port.equals("traffic-port") ? target.port() : Integer.parseInt(port);
      }

      /** Whether the matcher accepts a response code. */
      public boolean accepts(int code) {
        for (var range : matcher.split(",")) {
          var ends = range.trim().split("-");
          if (Integer.parseInt(ends[0]) <= code
              && code <= Integer.parseInt(ends[ends.length - 1])) {
            return true;
          }
        }
        return false;
      }
    }

    @Override
    public String key() {
      return arn;
    }
  }

  /**
   * The health of a target, as {@code DescribeTargetHealth} returns it.
   *
   * @param reason such as {@code Target.Timeout}; empty if the target is healthy
   */
  record TargetHealth(
      TargetGroup.Target target,
      int healthCheckPort,
      String state,
      String reason,
      String description) {
    /** The same target in another state. */
    public TargetHealth withState(String state, String reason, String description) {
      return new TargetHealth(target, healthCheckPort, state, reason, description);
    }
  }
}
