package io.eksnet.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The whole config, with all defaults. */
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
                "The AWS region that the controller reads, and whose endpoints the built-in `dns`"
                    + " suite resolves. Empty: that of the environment (`AWS_REGION`).",
            example = "eu-central-1",
            restart = true)
        String region,
    @Setting(
            value = "Labels that every series carries, such as the environment.",
            example = "{env: prod}",
            restart = true)
        Map<String, String> labels,
    @Setting("Defaults of your own probes.") Defaults defaults,
    @Setting("Bounds on the work of one process.") Limits limits,
    @Setting("Your own probes; see the kinds below.") List<ProbeSettings> probes,
    @Setting(
            "Probes from the Probe resources of the Prometheus Operator; see"
                + " [migrate from blackbox_exporter](../migrate-from-blackbox.md#probe-resources).")
        ProbeResourceSettings probeResources,
    @Setting("The built-in suites.") Suites suites,
    @Setting(value = "How often the controller reads Kubernetes and AWS.", restart = true)
        Polls polls,
    @Setting(value = "How agents and the controller connect to each other.", restart = true)
        ControllerSettings controller,
    @Setting("Which findings the diagnosis does not report.") DiagnosisSettings diagnosis,
    @Setting(value = "What the endpoints show and who needs a token.", restart = true) Web web) {
  public Settings {
    ErrorText.requireVisible("cluster", cluster);
    if (!region.matches("[a-z0-9-]{0,40}")) {
      throw new InvalidSettingException(
          "region",
          ErrorText.quote(region) + " is not an AWS region; write one such as eu-central-1");
    }
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    labels.forEach(LabelNames::require);
    Objects.requireNonNull(defaults);
    Objects.requireNonNull(limits);
    probes = List.copyOf(probes);
    requireDistinctLabels(labels, probes);
    Objects.requireNonNull(probeResources);
    Objects.requireNonNull(suites);
    Objects.requireNonNull(polls);
    Objects.requireNonNull(controller);
    Objects.requireNonNull(diagnosis);
    Objects.requireNonNull(web);
  }

  /** A series has each label once. */
  private static void requireDistinctLabels(
      Map<String, String> labels, List<ProbeSettings> probes) {
    for (var probe : probes) {
      for (var target : probe.targets()) {
        probe.labels(target).keySet().stream()
            .filter(labels::containsKey)
            .findFirst()
            .ifPresent(
                name -> {
                  throw new InvalidSettingException(
                      "labels." + name,
                      "the probe %s has a label of this name, too; remove one of them"
                          .formatted(ErrorText.quote(probe.name())));
                });
      }
    }
  }
}
