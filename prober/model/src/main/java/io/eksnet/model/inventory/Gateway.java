package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Gateway of the Gateway API, of any controller.
 *
 * @param scheme of its load balancer, if a controller of AWS builds it; internal unless a
 *     LoadBalancerConfiguration sets another (LBC docs, guide/gateway/loadbalancerconfig.md)
 * @param namesSubnets whether its LoadBalancerConfiguration names subnets, so that its controller
 *     need not search for them; true if it has one that is unknown, whose scheme is unknown too
 * @param addresses host names or addresses in its status
 * @param conditions those that its controller wrote for its current spec
 * @param annotations those of eksnet and of load balancers only
 * @param reconcile the last reconcile of its load balancer, if there was an event about it
 */
public record Gateway(
    String namespace,
    String name,
    String className,
    Scheme scheme,
    boolean namesSubnets,
    List<GatewayListener> listeners,
    List<String> addresses,
    List<Condition> conditions,
    Map<String, String> annotations,
    Optional<Reconcile> reconcile,
    Instant created) {
  /**
   * The annotation with which the AWS Load Balancer Controller plans a Gateway without building it
   * or writing its status (LBC, pkg/gateway/constants).
   */
  public static final String DRY_RUN = "gateway.k8s.aws/dry-run";

  public Gateway {
    listeners = List.copyOf(listeners);
    addresses = List.copyOf(addresses);
    conditions = List.copyOf(conditions);
    annotations = Map.copyOf(annotations);
  }

  /** The condition of a type, such as {@code Programmed}. */
  public Optional<Condition> condition(String type) {
    return Condition.of(type, conditions);
  }

  /** As {@code namespace/name}. */
  public String fullName() {
    return namespace + "/" + name;
  }
}
