package io.eksnet.lab.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A Service; its endpoints are the pods it selects.
 *
 * @param clusterIp {@code None} when it is headless
 * @param address the host name of its load balancer, or empty
 */
public record KubeService(
    String namespace,
    String name,
    String type,
    String clusterIp,
    List<Port> ports,
    Map<String, String> selector,
    Map<String, String> labels,
    Map<String, String> annotations,
    String address,
    Instant created)
    implements Item {
  /** A port of the Service and of its pods. */
  public record Port(String name, String protocol, int port, int target) {}

  public KubeService {
    ports = List.copyOf(ports);
    selector = Map.copyOf(selector);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** A Service of type ClusterIP. */
  public static KubeService of(
      String namespace,
      String name,
      String clusterIp,
      Map<String, String> selector,
      Instant created,
      Port... ports) {
    return new KubeService(
        namespace,
        name,
        "ClusterIP",
        clusterIp,
        List.of(ports),
        selector,
        selector,
        Map.of(),
        "",
        created);
  }

  @Override
  public String key() {
    return namespace + "/" + name;
  }

  /** The pods behind it that have an address. */
  public List<Pod> backends(ClusterState state) {
    return state.all(Pod.class).stream()
        .filter(pod -> pod.namespace().equals(namespace) && pod.matches(selector))
        .filter(pod -> !pod.ip().isEmpty())
        .toList();
  }

  public KubeService withSelector(Map<String, String> next) {
    return new KubeService(
        namespace, name, type, clusterIp, ports, next, labels, annotations, address, created);
  }

  public KubeService withAnnotations(Map<String, String> next) {
    return new KubeService(
        namespace, name, type, clusterIp, ports, selector, labels, next, address, created);
  }

  /** Of type LoadBalancer, with this host name in its status, or none yet when empty. */
  public KubeService withLoadBalancer(String host) {
    return new KubeService(
        namespace,
        name,
        "LoadBalancer",
        clusterIp,
        ports,
        selector,
        labels,
        annotations,
        host,
        created);
  }
}
