package io.eksnet.inventory.kube;

import io.eksnet.inventory.kube.CustomResources.Fields;
import io.eksnet.model.inventory.KubeProbe;
import io.eksnet.model.inventory.KubeProbe.Problem;
import io.eksnet.model.policy.LabelSelector;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a Probe resource of the Prometheus Operator (its API reference, "ProbeSpec").
 *
 * @param probe without the targets of Ingresses, which are added later
 * @param ingresses which Ingresses have its targets; empty: its targets are static
 */
record CachedProbe(KubeProbe probe, Optional<IngressSelector> ingresses) {
  /** More are not kept of one object. */
  private static final int MAX_TARGETS = 1_000;

  private static final int MAX_TEXT_LENGTH = 1_024;

  /** What is probed, when and how. */
  private static final Set<String> READ = Set.of("module", "targets", "interval", "scrapeTimeout");

  /** How Prometheus reaches an exporter, and how it keeps what it scrapes: eksnet has neither. */
  private static final Set<String> OF_THE_SCRAPE =
      Set.of(
          "authorization",
          "basicAuth",
          "bearerTokenSecret",
          "convertClassicHistogramsToNHCB",
          "fallbackScrapeProtocol",
          "jobName",
          "keepDroppedTargets",
          "labelLimit",
          "labelNameLengthLimit",
          "labelValueLengthLimit",
          "nativeHistogramBucketLimit",
          "nativeHistogramMinBucketFactor",
          "oauth2",
          "prober",
          "sampleLimit",
          "scrapeClass",
          "scrapeClassicHistograms",
          "scrapeNativeHistograms",
          "scrapeProtocols",
          "targetLimit",
          "tlsConfig");

  /**
   * Which Ingresses.
   *
   * @param any whether in all namespaces
   * @param namespaces otherwise
   */
  record IngressSelector(boolean any, Set<String> namespaces, LabelSelector labels) {
    IngressSelector {
      namespaces = Set.copyOf(namespaces);
    }

    boolean selects(CachedIngress ingress) {
      return (any || namespaces.contains(ingress.ingress().namespace()))
          && labels.matches(ingress.labels());
    }
  }

  static Optional<CachedProbe> of(GenericKubernetesResource object) {
    return Optional.of(new Reader(object).read());
  }

  private static final class Reader {
    private final GenericKubernetesResource object;
    private final Fields fields;
    private final List<Problem> refusals = new ArrayList<>();
    private final List<Problem> omissions = new ArrayList<>();
    private final TreeMap<String, String> labels = new TreeMap<>();

    Reader(GenericKubernetesResource object) {
      this.object = object;
      this.fields = new Fields(object);
    }

    CachedProbe read() {
      map(fields.at("spec")).keySet().stream()
          .map(String::valueOf)
          .filter(field -> !READ.contains(field) && !OF_THE_SCRAPE.contains(field))
          .sorted()
          .forEach(field -> refuse("spec." + field, "has no counterpart", "remove it"));
      var targets = List.<String>of();
      var ingresses = Optional.<IngressSelector>empty();
      if (fields.at("spec", "targets", "staticConfig") instanceof Map<?, ?>) {
        // "If both are defined, staticConfig takes precedence."
        targets = staticTargets();
      } else if (fields.at("spec", "targets", "ingress") instanceof Map<?, ?>) {
        ingresses = Optional.of(ingresses());
      } else {
        refuse("spec.targets", "has neither staticConfig nor ingress", "set one of them");
      }
      return new CachedProbe(
          new KubeProbe(
              KubeObjects.namespace(object),
              KubeObjects.name(object),
              fields.text("spec", "module"),
              fields.text("spec", "interval"),
              fields.text("spec", "scrapeTimeout"),
              labels,
              targets,
              refusals,
              omissions),
          ingresses);
    }

    private List<String> staticTargets() {
      var field = "spec.targets.staticConfig";
      map(fields.at("spec", "targets", "staticConfig", "labels"))
          .forEach((name, value) -> labels.put(String.valueOf(name), String.valueOf(value)));
      relabel(field, fields.objects("spec", "targets", "staticConfig", "relabelingConfigs"));
      var all =
          new LinkedHashSet<>(fields.texts("spec", "targets", "staticConfig", "static"))
              .stream().toList();
      var kept =
          all.stream().filter(one -> one.length() <= MAX_TEXT_LENGTH).limit(MAX_TARGETS).toList();
      if (kept.size() < all.size()) {
        omissions.add(
            new Problem(
                field + ".static",
                "has %d targets that are too many or too long".formatted(all.size() - kept.size()),
                "use at most %d targets in a Probe".formatted(MAX_TARGETS)));
      }
      return kept;
    }

    private IngressSelector ingresses() {
      var field = "spec.targets.ingress";
      relabel(field, fields.objects("spec", "targets", "ingress", "relabelingConfigs"));
      var names =
          new HashSet<>(
              fields.texts("spec", "targets", "ingress", "namespaceSelector", "matchNames"));
      if (names.isEmpty()) {
        names.add(KubeObjects.namespace(object));
      }
      var selector = SelectorParser.parse(map(fields.at("spec", "targets", "ingress", "selector")));
      if (selector.isEmpty()) {
        refuse(field + ".selector", "is not a label selector", "use the operators of Kubernetes");
      }
      return new IngressSelector(
          Boolean.TRUE.equals(fields.at("spec", "targets", "ingress", "namespaceSelector", "any")),
          names,
          selector.orElse(LabelSelector.ALL));
    }

    /**
     * A rule that sets a label to a constant is a label of the targets; the result of any other one
     * depends on labels that only Prometheus has.
     */
    private void relabel(String field, List<Map<?, ?>> rules) {
      for (var i = 0; i < rules.size(); i++) {
        var rule = rules.get(i);
        var action = Fields.text(rule, "action").toLowerCase(Locale.ROOT);
        var replacement = Fields.text(rule, "replacement");
        var label = Fields.text(rule, "targetLabel");
        var constant =
            (action.isEmpty() || action.equals("replace"))
                && !(rule.get("sourceLabels") instanceof List<?> sources && !sources.isEmpty())
                && Fields.text(rule, "regex").isEmpty()
                && rule.containsKey("replacement")
                && replacement.indexOf('$') < 0
                && !label.isEmpty()
                && label.indexOf('$') < 0
                && !label.startsWith("__");
        if (!constant) {
          refuse(
              field + ".relabelingConfigs[" + i + "]",
              "is more than a label with a constant value",
              "write the targets and labels out");
        } else if (replacement.isEmpty()) {
          labels.remove(label);
        } else {
          labels.put(label, replacement);
        }
      }
    }

    private void refuse(String field, String problem, String remedy) {
      refusals.add(new Problem(field, problem, remedy));
    }
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
