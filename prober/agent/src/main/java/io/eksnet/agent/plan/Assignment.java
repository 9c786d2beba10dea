package io.eksnet.agent.plan;

import io.eksnet.config.LabelNames;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What the controller asks of an agent: one thing to probe, in words that leave no room for
 * credentials, methods or headers of its choice. What a record cannot say is refused with an {@link
 * IllegalArgumentException}; where it may lead is the matter of {@link AllowedTargets}.
 */
public sealed interface Assignment {
  /** What an assignment belongs to. */
  enum Suite {
    DNS,
    SERVICE,
    POD,
    TARGET,
    LB,
    ENDPOINTS,
    /** No suite, but the annotations of Services and Ingresses. */
    ANNOTATED,
    /** No suite, but the Probe resources of the Prometheus Operator. */
    PROBE_RESOURCE;

    /** As in plans. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What it belongs to. */
  Suite suite();

  /** More labels of its series, chosen by the user. */
  default Map<String, String> labels() {
    return Map.of();
  }

  /** One function for each case; a new case does not compile until every table has it. */
  record Cases<T>(
      Function<DnsBackend, T> dnsBackend,
      Function<ServiceCall, T> serviceCall,
      Function<Peer, T> peer,
      Function<TargetCall, T> targetCall,
      Function<LbCall, T> lbCall,
      Function<EndpointCall, T> endpointCall,
      Function<Annotated, T> annotated,
      Function<ResourceProbe, T> resourceProbe) {}

  /** The value that {@code cases} has for this assignment. */
  <T> T fold(Cases<T> cases);

  /** A pod of CoreDNS, asked directly. */
  record DnsBackend(String address) implements Assignment {
    public DnsBackend {
      PlanValidation.address(address);
    }

    @Override
    public Suite suite() {
      return Suite.DNS;
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.dnsBackend().apply(this);
    }
  }

  /**
   * A Service, called by its name and by its cluster IP.
   *
   * @param clusterIp empty: it is headless and called by name only
   * @param protocol {@code tcp}, {@code tls}, {@code http} or {@code https}
   * @param path of a request, with a leading slash; empty where the protocol has none
   */
  record ServiceCall(
      String namespace, String service, String clusterIp, int port, String protocol, String path)
      implements Assignment {
    public ServiceCall {
      PlanValidation.label("namespace", namespace);
      PlanValidation.label("service", service);
      if (!clusterIp.isEmpty()) {
        PlanValidation.address(clusterIp);
      }
      PlanValidation.port(port);
      PlanValidation.request(protocol, path);
    }

    @Override
    public Suite suite() {
      return Suite.SERVICE;
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.serviceCall().apply(this);
    }
  }

  /** Another agent, called at its health endpoint. */
  record Peer(String node, String zone, String address, int port) implements Assignment {
    public Peer {
      PlanValidation.node(node);
      PlanValidation.zone(zone);
      PlanValidation.address(address);
      PlanValidation.port(port);
    }

    @Override
    public Suite suite() {
      return Suite.POD;
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.peer().apply(this);
    }
  }

  /**
   * A target behind a target group, called as its load balancer checks it.
   *
   * @param protocol {@code tcp}, {@code tls}, {@code http} or {@code https}
   * @param path as of a {@link ServiceCall}
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
      PlanValidation.awsName("target group", targetGroup);
      PlanValidation.address(address);
      PlanValidation.port(port);
      PlanValidation.request(protocol, path);
      statuses = PlanValidation.statuses(protocol, statuses);
      if (protocol.startsWith("http") && statuses.isEmpty()) {
        throw new IllegalArgumentException(
            "the target " + address + " needs the codes that are healthy, such as 200-299");
      }
    }

    @Override
    public Suite suite() {
      return Suite.TARGET;
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.targetCall().apply(this);
    }
  }

  /**
   * A load balancer, called at each address of its name.
   *
   * @param dnsName its own name
   * @param host what to ask for in Host and SNI; empty: its own name
   * @param protocol {@code tcp}, {@code tls}, {@code http} or {@code https}
   * @param path as of a {@link ServiceCall}
   * @param statuses the expected codes; none: every one that is not a 5xx of the load balancer
   * @param verify whether its certificate must be trusted and be for the host
   */
  record LbCall(
      String lb,
      String dnsName,
      int port,
      String protocol,
      String host,
      String path,
      List<String> statuses,
      boolean verify)
      implements Assignment {
    public LbCall {
      PlanValidation.awsName("load balancer", lb);
      PlanValidation.name(dnsName);
      PlanValidation.port(port);
      if (!host.isEmpty()) {
        PlanValidation.name(host);
      }
      PlanValidation.request(protocol, path);
      statuses = PlanValidation.statuses(protocol, statuses);
      if (verify && host.isEmpty()) {
        throw new IllegalArgumentException(
            "the certificate of " + lb + " cannot be verified without a host that it is for");
      }
    }

    @Override
    public Suite suite() {
      return Suite.LB;
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.lbCall().apply(this);
    }
  }

  /**
   * The endpoint of an AWS service, called without credentials.
   *
   * @param service as in {@link io.eksnet.model.SeriesKey.EndpointKey}
   * @param host its name in this region and partition
   * @param eachAddress whether each address of the name is called, as those of a VPC endpoint are;
   *     else the first
   */
  record EndpointCall(String service, String host, boolean eachAddress) implements Assignment {
    public EndpointCall {
      PlanValidation.awsService(service);
      PlanValidation.name(host);
    }

    @Override
    public Suite suite() {
      return Suite.ENDPOINTS;
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.endpointCall().apply(this);
    }
  }

  /**
   * A probe that an annotation on a Service, Ingress, Gateway or route asks for ({@code
   * eksnet.io/probe}).
   *
   * @param name of the probe: kind, namespace and name of the object, such as {@code
   *     ingress/shop/web}
   * @param kind {@code tcp}, {@code tls} or {@code http}
   * @param target as a user would write it for that kind, the port always given for tcp and tls
   * @param statuses from {@code eksnet.io/expect}; none: the kind's own
   * @param labels of its series, from {@code eksnet.io/labels}
   */
  record Annotated(
      String name,
      String kind,
      String target,
      Duration interval,
      List<String> statuses,
      Map<String, String> labels)
      implements Assignment {
    /** A probe without labels. */
    public Annotated(
        String name, String kind, String target, Duration interval, List<String> statuses) {
      this(name, kind, target, interval, statuses, Map.of());
    }

    public Annotated {
      PlanValidation.annotated(name);
      var place = ProbeEndpoint.of(kind, target);
      PlanValidation.interval(interval);
      statuses = PlanValidation.statuses(place.protocol(), statuses);
      labels = LabelNames.ofProbe(labels);
    }

    @Override
    public Suite suite() {
      return Suite.ANNOTATED;
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.annotated().apply(this);
    }

    ProbeEndpoint place() {
      return ProbeEndpoint.of(kind, target);
    }
  }

  /**
   * A target of a Probe resource of the Prometheus Operator. The agent finds the module in its own
   * config, so that a plan cannot choose credentials, methods or headers.
   *
   * @param name {@code probe/namespace/name}
   * @param module the name of one of {@code probe_resources.modules}
   * @param target in the form of the module's kind
   * @param timeout less than the interval
   * @param labels of its series
   */
  record ResourceProbe(
      String name,
      String module,
      String target,
      Duration interval,
      Duration timeout,
      Map<String, String> labels)
      implements Assignment {
    private static final String PREFIX = "probe/";

    public ResourceProbe {
      PlanValidation.resourceProbe(name);
      PlanValidation.module(module);
      PlanValidation.target(target);
      PlanValidation.interval(interval);
      PlanValidation.timeout(timeout, interval);
      labels = LabelNames.ofProbe(labels);
    }

    @Override
    public Suite suite() {
      return Suite.PROBE_RESOURCE;
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.resourceProbe().apply(this);
    }

    /** {@code namespace/name}. */
    String resource() {
      return name.substring(PREFIX.length());
    }
  }
}
