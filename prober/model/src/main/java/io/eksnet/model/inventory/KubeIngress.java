package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An Ingress.
 *
 * @param className empty if none is named
 * @param group its {@code group.name}, or empty
 * @param addresses host names or addresses in its status; none: it has no load balancer yet
 * @param tls whether it terminates TLS, by its annotations or spec
 * @param annotations those of eksnet, of load balancers and of external-dns only
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

  /**
   * The annotation that names its subnets; from the parameters of its class if these name them (LBC
   * docs, guide/ingress/ingress_class.md).
   */
  public static final String SUBNETS = "alb.ingress.kubernetes.io/subnets";

  /** The prefix of the annotations of external-dns. */
  public static final String EXTERNAL_DNS = "external-dns.alpha.kubernetes.io/";

  /**
   * Annotations of external-dns for hosts that need not resolve to the load balancer: another
   * target of the record, and records that share a name (external-dns, docs/annotations.md; Route
   * 53 routing policies).
   */
  private static final Set<String> OTHER_TARGETS =
      Set.of(EXTERNAL_DNS + "target", EXTERNAL_DNS + "set-identifier");

  public KubeIngress {
    rules = List.copyOf(rules);
    addresses = List.copyOf(addresses);
    annotations = Map.copyOf(annotations);
  }

  /** Whether its controller need not search for subnets. */
  public boolean namesSubnets() {
    return annotations.containsKey(SUBNETS);
  }

  /** Whether its hosts need not resolve to its load balancer. */
  public boolean resolvesElsewhere() {
    return annotations.getOrDefault(Annotation.DNS.key(), "").strip().equals(ELSEWHERE)
        || OTHER_TARGETS.stream().anyMatch(annotations::containsKey);
  }
}
