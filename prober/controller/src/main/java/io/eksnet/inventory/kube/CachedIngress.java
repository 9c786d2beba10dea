package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.KubeIngress;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is kept of an Ingress.
 *
 * @param ingress without the parameters of its class and its events, which are added later
 * @param labels for the selectors of Probe resources
 * @param urls one for each path of each rule with a host, as Prometheus discovers them; https if
 *     the host is in {@code spec.tls}
 * @param hasRuleWithoutHost such a rule has no URL
 */
record CachedIngress(
    KubeIngress ingress,
    Map<String, String> labels,
    List<String> urls,
    boolean hasRuleWithoutHost) {
  CachedIngress {
    labels = Map.copyOf(labels);
    urls = List.copyOf(urls);
  }

  static Optional<CachedIngress> of(Ingress ingress) {
    return IngressSources.ingress(ingress)
        .map(
            kept -> {
              var spec = ingress.getSpec();
              var rules = list(spec.getRules());
              return new CachedIngress(
                  kept,
                  KubeObjects.labels(ingress),
                  rules.stream()
                      .filter(rule -> !text(rule.getHost()).isEmpty())
                      .flatMap(rule -> urls(spec, rule))
                      .distinct()
                      .toList(),
                  rules.stream().anyMatch(rule -> text(rule.getHost()).isEmpty()));
            });
  }

  private static Stream<String> urls(IngressSpec spec, IngressRule rule) {
    var host = text(rule.getHost());
    var secure =
        list(spec.getTls()).stream()
            .flatMap(tls -> list(tls.getHosts()).stream())
            .anyMatch(pattern -> covers(pattern, host));
    var origin = (secure ? "https://" : "http://") + host;
    return rule.getHttp() == null
        ? Stream.of(origin + "/")
        : list(rule.getHttp().getPaths()).stream()
            .map(path -> text(path.getPath()))
            .map(path -> origin + (path.isEmpty() ? "/" : path));
  }

  /** Whether a host of TLS is this one; {@code *} at its start stands for one label. */
  private static boolean covers(String pattern, String host) {
    var dot = host.indexOf('.');
    return pattern.equals(host)
        || (pattern.startsWith("*.")
            && dot >= 0
            && pattern.substring(1).equals(host.substring(dot)));
  }
}
