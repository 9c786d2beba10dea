package io.eksnet.config;

import io.eksnet.model.Target;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A probe from the config. In the file, the settings of its kind stand beside the common ones.
 *
 * @param targets as the user wrote them
 * @param settings the settings of the kind
 * @param parsedTargets the targets as the kind understands them, in the same order
 */
public record ProbeSettings(
    @Setting(
            value = "The name of the probe, unique, and the label `probe` of its series.",
            required = true,
            min = 1,
            max = 128,
            example = "shop")
        String name,
    @Setting(value = "The kind of probe; see below.", required = true) String kind,
    @Setting(
            value = "The targets, at least one, as text or as a mapping. Each has its own series.",
            required = true)
        List<TargetSettings> targets,
    @Setting(
            value = "The time from one run to the next. Default: `defaults.interval`.",
            min = 0.1,
            max = 86_400,
            example = "10s")
        Duration interval,
    @Setting(
            value =
                "The time a run may take; shorter than the interval. Default: `defaults.timeout`.",
            min = 0.01,
            max = 3_600,
            example = "3s")
        Duration timeout,
    @Setting(
            value =
                "Whether the path must be blocked: a refused or dropped connection is then a success, a"
                    + " response a failure.",
            fallback = "false",
            example = "true")
        boolean negative,
    @Setting(
            value =
                "Labels of the series of each target, such as the team that owns it; at most 16. Names"
                    + " that these series have already cannot be used.",
            example = "{team: shop}")
        Map<String, String> labels,
    Record settings,
    List<Target> parsedTargets) {
  /** The prefix of the names of probes from annotations. */
  public static final String ANNOTATION_PREFIX = "annotation:";

  /** The prefix of the names of probes from Probe resources. */
  public static final String RESOURCE_PREFIX = "probe:";

  public ProbeSettings {
    requireNoPrefix(name, ANNOTATION_PREFIX, "annotations");
    requireNoPrefix(name, RESOURCE_PREFIX, "Probe resources");
    ErrorText.requireVisible("name", name);
    Objects.requireNonNull(kind);
    targets = List.copyOf(targets);
    labels = LabelNames.ofProbe(labels);
    Durations.requireShorter(timeout, interval);
    Objects.requireNonNull(settings);
    parsedTargets = List.copyOf(parsedTargets);
    if (targets.size() != parsedTargets.size()) {
      throw new IllegalArgumentException(
          "targets and parsed targets must be equally many, not "
              + targets.size()
              + " and "
              + parsedTargets.size());
    }
    for (var target : targets) {
      var all = merge(labels, target.labels());
      if (all.size() > LabelNames.MAX_PROBE_LABELS) {
        throw new InvalidSettingException(
            "labels",
            "%s has %d labels with those of the probe; use at most %d"
                .formatted(
                    ErrorText.quote(target.address()), all.size(), LabelNames.MAX_PROBE_LABELS));
      }
    }
  }

  /** The labels of a target: those of the probe, and its own in addition or in their place. */
  public Map<String, String> labels(TargetSettings target) {
    return merge(labels, target.labels());
  }

  private static void requireNoPrefix(String name, String prefix, String owner) {
    if (name.startsWith(prefix)) {
      throw new InvalidSettingException(
          "name",
          "%s begins with %s, which is reserved for probes from %s; choose another"
              .formatted(ErrorText.quote(name), prefix, owner));
    }
  }

  private static Map<String, String> merge(Map<String, String> probe, Map<String, String> target) {
    var all = new TreeMap<>(probe);
    all.putAll(target);
    return Collections.unmodifiableMap(all);
  }
}
