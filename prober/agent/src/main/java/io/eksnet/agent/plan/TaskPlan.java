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
  /** The rest is for the program, recent results, and scrapes. */
  private static final int HEAP_PERCENT = 40;

  /**
   * Task, counters and last result of a target: an estimate with a margin (950 B measured for
   * HTTP).
   */
  private static final long TARGET_BYTES = 3 * 1_024;

  /** Histogram with native buckets and phases of a probe: an estimate with a margin. */
  private static final long PROBE_BYTES = 12 * 1_024;

  public TaskPlan {
    tasks = List.copyOf(tasks);
    dropped = Map.copyOf(dropped);
  }

  /**
   * The tasks of the built-in suites, then those of the user's own probes up to {@code
   * limits.targets} and up to what fits into the heap.
   *
   * @param maxHeap in bytes
   */
  public static TaskPlan of(Settings settings, String node, List<Task> suites, long maxHeap) {
    var tasks = new ArrayList<>(suites);
    var dropped = new TreeMap<String, Integer>();
    var limit = suites.size() + settings.limits().targets();
    var memory = maxHeap * HEAP_PERCENT / 100;
    for (var probe : settings.probes()) {
      memory -= PROBE_BYTES;
      var targets = probe.parsedTargets().size();
      var room = Math.max(0, memory) / TARGET_BYTES;
      var accepted = (int) Math.min(Math.min(limit - tasks.size(), targets), room);
      memory = accepted == 0 ? memory + PROBE_BYTES : memory - accepted * TARGET_BYTES;
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
