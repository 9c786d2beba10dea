package io.eksnet.agent.plan;

import io.eksnet.config.ProbeSettings;
import io.eksnet.config.Settings;
import io.eksnet.model.SeriesKey;
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
    var limit = suites.size() + settings.limits().targets();
    for (var probe : settings.probes()) {
      var targets = probe.parsedTargets().size();
      var accepted = Math.min(limit - tasks.size(), targets);
      for (var i = 0; i < accepted; i++) {
        tasks.add(task(probe, i, node));
      }
      if (accepted < targets) {
        dropped.merge(probe.kind(), targets - accepted, Integer::sum);
      }
    }
    return new TaskPlan(tasks, dropped);
  }

  private static Task task(ProbeSettings probe, int index, String node) {
    var target = probe.parsedTargets().get(index);
    return new Task(
        String.join("/", node, probe.kind(), probe.name(), target.name()),
        new SeriesKey.UserProbeKey(probe.name(), probe.kind(), target.name()),
        probe.kind(),
        probe.settings(),
        target,
        probe.interval(),
        probe.timeout(),
        probe.negative(),
        probe.labels(probe.targets().get(index)));
  }
}
