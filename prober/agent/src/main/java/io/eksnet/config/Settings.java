package io.eksnet.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Everything the config file says, with its defaults filled in. */
public record Settings(
    @Setting(
            value =
                "The name of the cluster, and the label `cluster` of every series; empty: no such"
                    + " label.",
            example = "prod-1",
            restart = true)
        String cluster,
    @Setting(
            value =
                "The AWS region that the controller asks, and whose endpoints the built-in `dns`"
                    + " suite names. Empty: that of the environment (`AWS_REGION`), else neither.",
            example = "eu-central-1",
            restart = true)
        String region,
    @Setting(
            value = "Labels that every series carries, such as the environment.",
            example = "{env: prod}",
            restart = true)
        Map<String, String> labels,
    @Setting("What your own probes use where they say nothing themselves.") Defaults defaults,
    @Setting("Bounds on what one process takes upon itself.") Limits limits,
    @Setting("Your own probes; see the kinds below.") List<ProbeSettings> probes,
    @Setting("The probes that come with the program.") Suites suites,
    @Setting(value = "How often the controller reads what Kubernetes and AWS know.", restart = true)
        Polls polls,
    @Setting(value = "How agents and the controller find and trust each other.", restart = true)
        ControllerSettings controller,
    @Setting(value = "What the endpoints keep.", restart = true) Web web) {
  public Settings {
    Objects.requireNonNull(cluster);
    if (!region.matches("[a-z0-9-]{0,40}")) {
      throw new IllegalArgumentException(
          "region must be the name of an AWS region such as eu-central-1, not "
              + Quoted.of(region));
    }
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    labels.keySet().forEach(LabelNames::require);
    Objects.requireNonNull(defaults);
    Objects.requireNonNull(limits);
    probes = List.copyOf(probes);
    Objects.requireNonNull(suites);
    Objects.requireNonNull(polls);
    Objects.requireNonNull(controller);
    Objects.requireNonNull(web);
  }
}
