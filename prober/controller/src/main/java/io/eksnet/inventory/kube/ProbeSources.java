package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.KubeProbe;
import io.eksnet.model.inventory.KubeProbe.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The Probe resources of the Prometheus Operator, computed from them and from Ingresses. */
final class ProbeSources {
  private static final String FIELD = "spec.targets.ingress";

  private ProbeSources() {}

  /**
   * The Probe resources of some namespaces.
   *
   * @param namespaces whose Probe resources count, and whose Ingresses these may select
   */
  static List<KubeProbe> probes(
      Collection<CachedProbe> probes, Collection<CachedIngress> ingresses, Set<String> namespaces) {
    return probes.stream()
        .filter(probe -> namespaces.contains(probe.probe().namespace()))
        .sorted(
            Comparator.comparing((CachedProbe probe) -> probe.probe().namespace())
                .thenComparing(probe -> probe.probe().name()))
        .map(
            probe ->
                probe
                    .ingresses()
                    .map(selector -> withTargets(probe.probe(), selector, ingresses, namespaces))
                    .orElse(probe.probe()))
        .toList();
  }

  private static KubeProbe withTargets(
      KubeProbe probe,
      CachedProbe.IngressSelector selector,
      Collection<CachedIngress> ingresses,
      Set<String> namespaces) {
    var urls = new TreeSet<String>();
    var elsewhere = new TreeSet<String>();
    var withoutHost = new TreeSet<String>();
    for (var ingress : ingresses) {
      if (!selector.selects(ingress)) {
        continue;
      }
      var namespace = ingress.ingress().namespace();
      if (!namespaces.contains(namespace)) {
        elsewhere.add(namespace);
        continue;
      }
      urls.addAll(ingress.urls());
      if (ingress.hasRuleWithoutHost()) {
        withoutHost.add(namespace + "/" + ingress.ingress().name());
      }
    }
    var omissions = new ArrayList<>(probe.omissions());
    elsewhere.forEach(
        namespace ->
            omissions.add(
                new Problem(
                    FIELD,
                    "selects Ingresses of the namespace " + namespace + ", which is not allowed",
                    "add it to probe_resources.namespaces")));
    withoutHost.forEach(
        ingress ->
            omissions.add(
                new Problem(
                    FIELD,
                    "selects the Ingress " + ingress + ", which has a rule without a host",
                    "give the rule a host, or write a static target")));
    return new KubeProbe(
        probe.namespace(),
        probe.name(),
        probe.module(),
        probe.interval(),
        probe.timeout(),
        probe.labels(),
        List.copyOf(urls),
        probe.refusals(),
        omissions);
  }
}
