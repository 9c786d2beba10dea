package io.eksnet.model.inventory;

import java.util.List;

/**
 * How the host of an Ingress resolves, beside the name of its load balancer.
 *
 * @param answers what the host resolves to; none: it does not exist
 * @param matches whether that is the load balancer
 */
public record IngressHost(
    String namespace, String ingress, String host, List<String> answers, boolean matches) {
  public IngressHost {
    answers = List.copyOf(answers);
  }
}
