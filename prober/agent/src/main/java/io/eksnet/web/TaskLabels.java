package io.eksnet.web;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.Task;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** How tasks are called in answers and asked for in requests. */
public final class TaskLabels {
  private TaskLabels() {}

  /** The user's name of the probe, or the suite with its path. */
  public static String probe(Task task) {
    var subject = task.subject();
    if (subject instanceof SeriesKey.OwnProbe own) {
      return own.probe();
    }
    return "suite:" + suite(subject);
  }

  private static String suite(SeriesKey subject) {
    if (subject instanceof SeriesKey.DnsPath path) {
      return "dns/" + path.path() + "/" + path.queryClass();
    }
    if (subject instanceof SeriesKey.ServicePath path) {
      return "service/" + path.via();
    }
    if (subject instanceof SeriesKey.PodPath) {
      return "pod";
    }
    if (subject instanceof SeriesKey.TargetPath) {
      return "target";
    }
    if (subject instanceof SeriesKey.LbPath) {
      return "lb";
    }
    return subject instanceof SeriesKey.HostPart part ? part.suite() : "sts";
  }

  /** What it is aimed at, in the words of whoever wrote it or of the cluster. */
  public static String target(Task task) {
    var subject = task.subject();
    var port = task.target().port();
    if (subject instanceof SeriesKey.OwnProbe own) {
      return own.target();
    }
    if (subject instanceof SeriesKey.ServicePath path) {
      return path.namespace() + "/" + path.service() + ":" + port;
    }
    if (subject instanceof SeriesKey.PodPath path) {
      return path.targetZone().isEmpty() ? path.peer() : path.peer() + " in " + path.targetZone();
    }
    if (subject instanceof SeriesKey.TargetPath path) {
      return path.targetGroup() + " at " + path.address() + " port " + port;
    }
    if (subject instanceof SeriesKey.LbPath path) {
      return path.listener().isEmpty() ? path.lb() : path.lb() + " " + path.listener();
    }
    return task.target().name();
  }

  /** The tasks with this target, id or name of the user's probe; of this probe if one is named. */
  static List<Task> find(Collection<Task> tasks, String name, Optional<String> probe) {
    return tasks.stream()
        .filter(
            task ->
                target(task).equals(name)
                    || task.id().equals(name)
                    || (task.subject() instanceof SeriesKey.OwnProbe own
                        && own.probe().equals(name)))
        .filter(task -> probe.isEmpty() || probe(task).equals(probe.get()))
        .toList();
  }
}
