package io.eksnet.plan;

import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * At which ports an Ingress is served, of those of its load balancer: several Ingresses share one,
 * and each has its rules at its own ports only (AWS Load Balancer Controller, "Ingress
 * annotations": listen-ports, certificate-arn, ssl-redirect).
 */
final class Listening {
  private static final String ALB = "alb.ingress.kubernetes.io/";
  private static final Pattern PORT = Pattern.compile("\"HTTPS?\"\\s*:\\s*(\\d{1,5})");
  private static final Set<Integer> PLAIN = Set.of(80);
  private static final Set<Integer> SECURE = Set.of(443);

  private Listening() {}

  /** Those of its annotations, or all: its class may say more than it does. */
  static Set<Integer> ports(KubeIngress ingress, LoadBalancer lb) {
    var all = lb.listeners().stream().map(Listener::port).collect(Collectors.toSet());
    var its = said(ingress).stream().filter(all::contains).collect(Collectors.toSet());
    return its.isEmpty() ? all : its;
  }

  /** Whether it sends everybody from HTTP to HTTPS, on all Ingresses of its load balancer. */
  static boolean redirects(KubeIngress ingress) {
    return ingress.annotations().containsKey(ALB + "ssl-redirect");
  }

  private static Set<Integer> said(KubeIngress ingress) {
    var listed = ingress.annotations().get(ALB + "listen-ports");
    if (listed == null) {
      return ingress.annotations().containsKey(ALB + "certificate-arn") ? SECURE : PLAIN;
    }
    return PORT.matcher(listed)
        .results()
        .map(found -> Integer.valueOf(found.group(1)))
        .collect(Collectors.toSet());
  }
}
