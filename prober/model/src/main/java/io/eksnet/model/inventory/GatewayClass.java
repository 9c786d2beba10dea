package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A GatewayClass of the Gateway API and the controller that it names.
 *
 * @param controller such as {@code gateway.k8s.aws/alb}
 * @param parameters {@code namespace/name} of its LoadBalancerConfiguration, or empty
 * @param conditions those that its controller wrote for its current spec
 */
public record GatewayClass(
    String name,
    String controller,
    String parameters,
    List<Condition> conditions,
    Instant created) {
  /** The AWS Load Balancer Controller as controller of ALBs (LBC docs, guide/gateway). */
  public static final String ALB_CONTROLLER = "gateway.k8s.aws/alb";

  /** The AWS Load Balancer Controller as controller of NLBs. */
  public static final String NLB_CONTROLLER = "gateway.k8s.aws/nlb";

  public GatewayClass {
    conditions = List.copyOf(conditions);
  }

  /** Whether its Gateways become load balancers of AWS. */
  public boolean isAws() {
    return controller.equals(ALB_CONTROLLER) || controller.equals(NLB_CONTROLLER);
  }

  /** The condition of a type, such as {@code Accepted}. */
  public Optional<Condition> condition(String type) {
    return Condition.of(type, conditions);
  }
}
