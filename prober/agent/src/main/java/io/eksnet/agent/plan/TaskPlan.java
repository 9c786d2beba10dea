package io.eksnet.agent.plan;

import io.eksnet.config.ProbeSettings;
import io.eksnet.config.Settings;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tasks of one node.
 *
 * @param dropped how many targets the bound on targets left out, by kind
 */
public record TaskPlan(List<Task> tasks, Map<String, Integer> dropped) {
  public TaskPlan {
    tasks = List.copyOf(tasks);
    dropped = Map.copyOf(dropped);
  }

  /** The tasks of the built-in suites, then those of the user's own probes as far as they fit. */
  public static TaskPlan of(Settings settings, String node, List<Task> suites) {
    var tasks = new ArrayList<>(suites);
    var dropped = new TreeMap<String, Integer>();
    var most = suites.size() + settings.limits().targets();
    for (var probe : settings.probes()) {
      var fits = Math.min(most - tasks.size(), probe.parsedTargets().size());
      probe
          .parsedTargets()
          .subList(0, fits)
          .forEach(target -> tasks.add(task(probe, target, node)));
      var tooMany = probe.parsedTargets().size() - fits;
      if (tooMany > 0) {
        dropped.merge(probe.kind(), tooMany, Integer::sum);
      }
    }
    return new TaskPlan(tasks, dropped);
  }

  private static Task task(ProbeSettings probe, Target target, String node) {
    return new Task(
        String.join("/", node, probe.kind(), probe.name(), target.name()),
        new SeriesKey.UserProbeKey(probe.name(), probe.kind(), target.name()),
        probe.kind(),
        probe.settings(),
        target,
        probe.interval(),
        probe.timeout(),
        probe.negative());
  }
}
