package io.eksnet.config;

import io.eksnet.model.Target;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A probe of the user's own. The settings of its kind stand beside the common ones in the file.
 *
 * @param targets as the user wrote them
 * @param settings the settings of the kind
 * @param parsedTargets the targets as the kind understands them, in the same order
 */
public record ProbeSettings(
    @Setting(
            value = "The name, unique in the file, and the label `probe` of its series.",
            required = true,
            min = 1,
            max = 128,
            example = "shop")
        String name,
    @Setting(value = "What to do; see the kinds below.", required = true) String kind,
    @Setting(value = "What to do it to, at least one; each has series of its own.", required = true)
        List<String> targets,
    @Setting(
            value = "The time from one run to the next; else `defaults.interval`.",
            min = 0.1,
            max = 86_400,
            example = "10s")
        Duration interval,
    @Setting(
            value = "The time a run may take, shorter than the interval; else `defaults.timeout`.",
            min = 0.01,
            max = 3_600,
            example = "3s")
        Duration timeout,
    @Setting(
            value =
                "Whether the path must be blocked: refused or dropped is then a success, an answer"
                    + " a failure.",
            fallback = "false",
            example = "true")
        boolean negative,
    Record settings,
    List<Target> parsedTargets) {
  /** How the names of probes from annotations begin. */
  public static final String RESERVED = "annotation:";

  public ProbeSettings {
    if (name.startsWith(RESERVED)) {
      throw new IllegalArgumentException(
          "names that begin with "
              + RESERVED
              + " are those of probes from annotations; choose"
              + " another");
    }
    Objects.requireNonNull(kind);
    targets = List.copyOf(targets);
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
  }
}
