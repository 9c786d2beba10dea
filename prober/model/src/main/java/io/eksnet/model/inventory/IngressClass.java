package io.eksnet.model.inventory;

import java.util.Set;

/** An IngressClass and who answers to it. */
public record IngressClass(String name, String controller, boolean isDefault) {
  /** The AWS Load Balancer Controller, and that of Auto Mode. */
  private static final Set<String> ALB_CONTROLLERS =
      Set.of("ingress.k8s.aws/alb", "eks.amazonaws.com/alb");

  /** Whether its Ingresses become application load balancers. */
  public boolean isAlb() {
    return ALB_CONTROLLERS.contains(controller);
  }
}
