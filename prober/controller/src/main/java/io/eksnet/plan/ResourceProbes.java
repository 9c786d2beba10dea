package io.eksnet.plan;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.AssignedTasks;
import io.eksnet.agent.plan.Assignment.ResourceProbe;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.agent.plan.PlanValidation;
import io.eksnet.config.Defaults;
import io.eksnet.config.Durations;
import io.eksnet.config.ProbeResourceSettings;
import io.eksnet.config.Settings;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeProbe;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The targets of Probe resources, from a few agents of each zone like probes of annotations. A
 * Probe with a field that cannot be expressed is left out as a whole, a target that is not allowed
 * by itself.
 */
record ResourceProbes(
    Config config,
    int agentsPerZone,
    AllowedTargets allowed,
    Inventory inventory,
    AgentSet agents,
    PlanBuilder builder) {
  private static final int MAX_PROBES = 200;

  /**
   * What the settings say about Probe resources.
   *
   * @param defaults of a Probe without an interval or a timeout
   */
  record Config(ProbeResourceSettings resources, Defaults defaults) {
    static Config of(Settings settings) {
      return new Config(settings.probeResources(), settings.defaults());
    }
  }

  void plan() {
    var all = new ArrayList<ResourceProbe>();
    for (var probe : inventory.list(Resources.PROBES)) {
      probe.omissions().forEach(problem -> report(probe, problem));
      probe.refusals().forEach(problem -> report(probe, problem));
      if (probe.refusals().isEmpty()) {
        timing(probe).ifPresent(timing -> addTargets(probe, timing, all));
      }
    }
    var kept = builder.first(MAX_PROBES, all, Suite.PROBE_RESOURCE);
    kept.forEach(
        probe ->
            builder.give(
                agents.ofEachZone(probe.name() + " " + probe.target(), agentsPerZone, Set.of()),
                probe));
    reportOverLimit(all.subList(kept.size(), all.size()));
  }

  private void reportOverLimit(List<ResourceProbe> dropped) {
    dropped.stream()
        .collect(groupingBy(ResourceProbe::name, LinkedHashMap::new, counting()))
        .forEach(
            (name, targets) ->
                builder.report(
                    new ValidationError(
                        name,
                        "spec.targets",
                        "%d targets are over the limit of %d in all Probe resources"
                            .formatted(targets, MAX_PROBES),
                        "remove targets of this or other Probes")));
  }

  private record Timing(Duration interval, Duration timeout) {}

  private void addTargets(KubeProbe probe, Timing timing, ArrayList<ResourceProbe> all) {
    for (var text : probe.targets()) {
      builder
          .allowed(name(probe), "spec.targets", () -> assignment(probe, text, timing))
          .filter(target -> isAllowed(probe, target))
          .ifPresent(all::add);
    }
  }

  private ResourceProbe assignment(KubeProbe probe, String text, Timing timing) {
    return new ResourceProbe(
        name(probe), probe.module(), text, timing.interval(), timing.timeout(), probe.labels());
  }

  private boolean isAllowed(KubeProbe probe, ResourceProbe target) {
    var reason =
        AssignedTasks.refused(target, config.resources())
            .or(
                () ->
                    allowed.objection(
                        AssignedTasks.target(
                                Objects.requireNonNull(
                                    config.resources().modules().get(target.module())),
                                target.target())
                            .host()));
    reason.ifPresent(
        why ->
            report(
                probe,
                "target " + PlanValidation.quoted(target.target()),
                why,
                "change the Probe, or probe_resources in the config"));
    return reason.isEmpty();
  }

  /**
   * Prometheus allows a timeout as long as the interval, and blackbox_exporter stops half a second
   * before it (its option --timeout-offset); a timeout that is too long is half of the interval.
   */
  private Optional<Timing> timing(KubeProbe probe) {
    var interval = duration(probe, "spec.interval", probe.interval(), config.defaults().interval());
    var timeout =
        duration(probe, "spec.scrapeTimeout", probe.timeout(), config.defaults().timeout());
    return interval.flatMap(
        every ->
            timeout.map(
                limit ->
                    new Timing(every, limit.compareTo(every) < 0 ? limit : every.dividedBy(2))));
  }

  private Optional<Duration> duration(
      KubeProbe probe, String field, String text, Duration fallback) {
    if (text.isEmpty()) {
      return Optional.of(fallback);
    }
    try {
      return Optional.of(Durations.parse(text));
    } catch (IllegalArgumentException e) {
      report(probe, field, "is " + PlanValidation.quoted(text), "write a duration of days or less");
      return Optional.empty();
    }
  }

  private void report(KubeProbe probe, KubeProbe.Problem problem) {
    report(probe, problem.field(), problem.problem(), problem.remedy());
  }

  private void report(KubeProbe probe, String field, String problem, String remedy) {
    builder.report(new ValidationError(name(probe), field, problem, remedy));
  }

  private static String name(KubeProbe probe) {
    return "probe/" + probe.namespace() + "/" + probe.name();
  }
}
