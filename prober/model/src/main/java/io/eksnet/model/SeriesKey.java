package io.eksnet.model;

import java.util.function.Function;

/** The identity of the series that a task's results are recorded under. */
public sealed interface SeriesKey {
  /** One function for each case; a new case does not compile until every table has it. */
  record Cases<T>(
      Function<UserProbeKey, T> userProbe,
      Function<DnsKey, T> dns,
      Function<ServiceKey, T> service,
      Function<PodKey, T> pod,
      Function<TargetKey, T> target,
      Function<LbKey, T> lb,
      Function<NodeComponentKey, T> nodeComponent,
      Function<StsKey, T> sts,
      Function<EndpointKey, T> endpoint) {}

  /** The value that {@code cases} has for this key. */
  <T> T fold(Cases<T> cases);

  /** A probe from the configuration file or from an annotation. */
  @JsonName("own_probe")
  record UserProbeKey(String probe, String kind, String target) implements SeriesKey {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.userProbe().apply(this);
    }
  }

  /**
   * A query of the {@code dns} suite.
   *
   * @param path {@code service}, {@code backend}, {@code nodelocal}, {@code vpc_resolver} or {@code
   *     resolvconf}
   * @param server the address of the server, or empty where the path determines it
   * @param queryClass {@code internal}, {@code aws}, {@code external}, {@code negative}
   * @param qtype {@code A}, {@code AAAA}, …
   * @param proto {@code udp} or {@code tcp}
   */
  @JsonName("dns_path")
  record DnsKey(String path, String server, String queryClass, String qtype, String proto)
      implements SeriesKey {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.dns().apply(this);
    }
  }

  /**
   * A Service of the {@code service} suite.
   *
   * @param via {@code name} or {@code cluster_ip}
   */
  @JsonName("service_path")
  record ServiceKey(String namespace, String service, String via) implements SeriesKey {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.service().apply(this);
    }
  }

  /**
   * The path from this agent to another one, of the {@code pod} suite.
   *
   * @param peer the node of the other agent; not a label
   */
  @JsonName("pod_path")
  record PodKey(String peer, String sourceZone, String targetZone) implements SeriesKey {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.pod().apply(this);
    }
  }

  /**
   * A target of a target group, of the {@code target} suite.
   *
   * @param targetGroup its name
   * @param address of the target; not a label
   */
  @JsonName("target_path")
  record TargetKey(String targetGroup, String address) implements SeriesKey {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.target().apply(this);
    }
  }

  /**
   * A load balancer of the {@code lb} suite.
   *
   * @param lb its name
   * @param listener port and requested host, where it has several; a label of its certificate only
   */
  @JsonName("lb_path")
  record LbKey(String lb, String listener) implements SeriesKey {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.lb().apply(this);
    }
  }

  /**
   * A component of the node, of the suites {@code identity}, {@code ipamd} and {@code ena}; it may
   * not be installed.
   *
   * @param suite the name of the suite
   */
  @JsonName("host_part")
  record NodeComponentKey(String suite) implements SeriesKey {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.nodeComponent().apply(this);
    }
  }

  /** The regional endpoint of STS, of the {@code sts} suite. */
  @JsonName("sts_path")
  record StsKey() implements SeriesKey {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.sts().apply(this);
    }
  }

  /**
   * The endpoint of an AWS service, of the {@code endpoints} suite.
   *
   * @param service as VPC endpoints name it, such as {@code ecr.api}, or {@link #API_SERVER}
   */
  @JsonName("endpoint_path")
  record EndpointKey(String service) implements SeriesKey {
    /** The API endpoint of the cluster. */
    public static final String API_SERVER = "kube-apiserver";

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.endpoint().apply(this);
    }
  }
}
