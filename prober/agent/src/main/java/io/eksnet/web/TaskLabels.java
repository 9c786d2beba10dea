package io.eksnet.web;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.Task;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The names of tasks in responses and requests. */
public final class TaskLabels {
  private TaskLabels() {}

  private static final SeriesKey.Cases<String> PROBE =
      new SeriesKey.Cases<>(
          SeriesKey.UserProbeKey::probe,
          dns -> "suite:dns/" + dns.path() + "/" + dns.queryClass(),
          service -> "suite:service/" + service.via(),
          pod -> "suite:pod",
          target -> "suite:target",
          lb -> "suite:lb",
          component -> "suite:" + component.suite(),
          sts -> "suite:sts",
          endpoint -> "suite:endpoints");

  /** The name of the user's probe, or the suite with its path. */
  public static String probe(Task task) {
    return task.key().fold(PROBE);
  }

  /** The target as the user wrote it, or the cluster's name of it. */
  public static String target(Task task) {
    var port = task.target().port();
    var name = task.target().name();
    return task.key()
        .fold(
            new SeriesKey.Cases<>(
                SeriesKey.UserProbeKey::target,
                dns -> name,
                service -> service.namespace() + "/" + service.service() + ":" + port,
                pod ->
                    pod.targetZone().isEmpty()
                        ? pod.peer()
                        : pod.peer() + " in " + pod.targetZone(),
                target -> target.targetGroup() + " at " + target.address() + " port " + port,
                lb -> lb.listener().isEmpty() ? lb.lb() : lb.lb() + " " + lb.listener(),
                component -> name,
                sts -> name,
                endpoint -> name));
  }

  /** The tasks with this target, id or name of the user's probe; of this probe if one is named. */
  static List<Task> find(Collection<Task> tasks, String name, Optional<String> probe) {
    return tasks.stream()
        .filter(
            task ->
                target(task).equals(name)
                    || task.id().equals(name)
                    || (task.key() instanceof SeriesKey.UserProbeKey own
                        && own.probe().equals(name)))
        .filter(task -> probe.isEmpty() || probe(task).equals(probe.get()))
        .toList();
  }
}
