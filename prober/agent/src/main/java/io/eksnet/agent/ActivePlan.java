package io.eksnet.agent;

import io.eksnet.agent.plan.TaskDiff;
import io.eksnet.agent.plan.TaskPlan;
import io.eksnet.config.Settings;
import io.eksnet.metrics.Metrics;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Task;
import io.eksnet.schedule.Scheduler;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings and tasks in force, and how others take their place. One caller at a time. */
final class ActivePlan {
  private final Scheduler engine;
  private final Metrics metrics;
  private final Map<String, ? extends KindSpec<?>> kinds;
  private final Clock clock;
  private volatile State state;

  private record State(Settings settings, TaskPlan plan) {}

  ActivePlan(
      Scheduler engine,
      Metrics metrics,
      Map<String, ? extends KindSpec<?>> kinds,
      Clock clock,
      Settings settings) {
    this.engine = engine;
    this.metrics = metrics;
    this.kinds = kinds;
    this.clock = clock;
    this.state = new State(settings, new TaskPlan(List.of(), Map.of()));
  }

  Settings settings() {
    return state.settings();
  }

  List<Task> tasks() {
    return state.plan().tasks();
  }

  /**
   * Stops what is no longer wanted and starts what is new. Series exist before the first run and
   * outlive the last one; those of unchanged targets are not touched.
   */
  Future<Void> become(Settings settings, TaskPlan plan) {
    var change = TaskDiff.between(tasks(), plan.tasks());
    change.start().forEach(task -> metrics.probes().add(task, kind(task)));
    return engine
        .apply(change)
        .onSuccess(
            done -> {
              change.stop().forEach(task -> metrics.probes().retire(task, clock.instant()));
              count(plan);
              state = new State(settings, plan);
            })
        .recover(e -> undo(change).transform(done -> Future.failedFuture(e)));
  }

  private Future<Void> undo(TaskDiff change) {
    change.start().forEach(task -> metrics.probes().retire(task, clock.instant()));
    return engine.apply(new TaskDiff(change.start(), change.stop()));
  }

  private void count(TaskPlan plan) {
    var byKind =
        plan.tasks().stream().collect(Collectors.groupingBy(Task::kind, Collectors.counting()));
    kinds
        .keySet()
        .forEach(kind -> metrics.schedule().tasks(kind, byKind.getOrDefault(kind, 0L).intValue()));
    if (!plan.dropped().equals(state.plan().dropped())) {
      plan.dropped().forEach(metrics.probes()::dropped);
    }
  }

  private KindSpec<?> kind(Task task) {
    var kind = kinds.get(task.kind());
    if (kind == null) {
      throw new IllegalArgumentException("no probe kind \"" + task.kind() + "\"");
    }
    return kind;
  }
}
