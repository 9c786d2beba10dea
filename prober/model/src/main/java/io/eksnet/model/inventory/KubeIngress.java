package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An Ingress.
 *
 * @param className empty if none is named
 * @param group its {@code group.name}, or empty
 * @param addresses host names or addresses in its status; none: it has no load balancer yet
 * @param tls whether it terminates TLS, by its annotations or spec
 * @param annotations those of eksnet and of load balancers only
 * @param reconcile the last word of its controller, if there was one
 */
public record KubeIngress(
    String namespace,
    String name,
    String className,
    String group,
    Scheme scheme,
    List<IngressRule> rules,
    boolean tls,
    List<String> addresses,
    Map<String, String> annotations,
    Optional<Reconcile> reconcile,
    Instant created) {
  /** The value of {@link Annotation#DNS} for hosts that resolve to a CDN or a proxy. */
  public static final String ELSEWHERE = "elsewhere";

  public KubeIngress {
    rules = List.copyOf(rules);
    addresses = List.copyOf(addresses);
    annotations = Map.copyOf(annotations);
  }

  /** Whether its hosts are not meant to resolve to its load balancer. */
  public boolean resolvesElsewhere() {
    return annotations.getOrDefault(Annotation.DNS.key(), "").strip().equals(ELSEWHERE);
  }
}
