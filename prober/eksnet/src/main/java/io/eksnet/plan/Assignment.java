package io.eksnet.plan;

import java.time.Duration;
import java.util.List;

/**
 * What the controller asks of an agent: one thing to probe, in words that leave no room for
 * credentials, methods or headers of its choice.
 */
public sealed interface Assignment {
  /** A pod of CoreDNS, asked directly. */
  record DnsBackend(String address) implements Assignment {}

  /**
   * A Service, called by its name and by its cluster IP.
   *
   * @param clusterIp empty: it is headless and called by name only
   * @param protocol {@code tcp}, {@code tls}, {@code http} or {@code https}
   * @param path of a request, with a leading slash
   */
  record ServiceCall(
      String namespace, String service, String clusterIp, int port, String protocol, String path)
      implements Assignment {}

  /** Another agent, called at its health endpoint. */
  record Peer(String node, String zone, String address, int port) implements Assignment {}

  /**
   * A target behind a target group, called as its load balancer does.
   *
   * @param protocol {@code tcp}, {@code tls}, {@code http} or {@code https}
   * @param statuses the codes that are healthy, such as {@code 200-299}
   */
  record TargetCall(
      String targetGroup,
      String address,
      int port,
      String protocol,
      String path,
      List<String> statuses)
      implements Assignment {
    public TargetCall {
      statuses = List.copyOf(statuses);
    }
  }

  /**
   * A load balancer, called at each address of its name.
   *
   * @param dnsName its own name
   * @param host what to ask for in Host and SNI; empty: its own name
   * @param protocol {@code tcp}, {@code tls}, {@code http} or {@code https}
   * @param statuses the expected codes; none: every one that is not a 5xx of the load balancer
   */
  record LbCall(
      String lb,
      String dnsName,
      int port,
      String protocol,
      String host,
      String path,
      List<String> statuses)
      implements Assignment {
    public LbCall {
      statuses = List.copyOf(statuses);
    }
  }

  /**
   * A probe that an annotation on a Service or an Ingress asks for ({@code eksnet.io/probe}).
   *
   * @param name of the probe: namespace/name of the object
   * @param kind {@code tcp}, {@code tls} or {@code http}
   * @param target as a user would write it for that kind
   * @param statuses from {@code eksnet.io/expect}; none: the kind's own
   */
  record Annotated(
      String name, String kind, String target, Duration interval, List<String> statuses)
      implements Assignment {
    public Annotated {
      statuses = List.copyOf(statuses);
    }
  }
}
