package io.eksnet.web;

import io.eksnet.core.Subject;
import io.eksnet.core.Task;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** How tasks are called in answers and asked for in requests. */
final class Names {
  private Names() {}

  /** The user's name of the probe, or the suite with its path. */
  static String probe(Task task) {
    var subject = task.subject();
    if (subject instanceof Subject.OwnProbe own) {
      return own.probe();
    }
    var path = (Subject.DnsPath) subject;
    return "suite:dns/" + path.path() + "/" + path.queryClass();
  }

  static String target(Task task) {
    return task.subject() instanceof Subject.OwnProbe own ? own.target() : task.target().name();
  }

  /** The tasks with this target or id, of this probe if one is named. */
  static List<Task> find(Collection<Task> tasks, String name, Optional<String> probe) {
    return tasks.stream()
        .filter(task -> target(task).equals(name) || task.id().equals(name))
        .filter(task -> probe.isEmpty() || probe(task).equals(probe.get()))
        .toList();
  }
}
