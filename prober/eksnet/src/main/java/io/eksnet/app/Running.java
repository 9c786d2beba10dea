package io.eksnet.app;

import io.eksnet.config.Settings;
import io.eksnet.core.Kind;
import io.eksnet.core.Task;
import io.eksnet.engine.Engine;
import io.eksnet.metrics.Metrics;
import io.eksnet.plan.Change;
import io.eksnet.plan.Plan;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings and tasks in force, and how others take their place. One caller at a time. */
final class Running {
  private final Engine engine;
  private final Metrics metrics;
  private final Map<String, ? extends Kind<?>> kinds;
  private final Clock clock;
  private volatile State state;

  private record State(Settings settings, Plan plan) {}

  Running(
      Engine engine,
      Metrics metrics,
      Map<String, ? extends Kind<?>> kinds,
      Clock clock,
      Settings settings) {
    this.engine = engine;
    this.metrics = metrics;
    this.kinds = kinds;
    this.clock = clock;
    this.state = new State(settings, new Plan(List.of(), Map.of()));
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
  Future<Void> become(Settings settings, Plan plan) {
    var change = Change.between(tasks(), plan.tasks());
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

  private Future<Void> undo(Change change) {
    change.start().forEach(task -> metrics.probes().retire(task, clock.instant()));
    return engine.apply(new Change(change.start(), change.stop()));
  }

  private void count(Plan plan) {
    var byKind =
        plan.tasks().stream().collect(Collectors.groupingBy(Task::kind, Collectors.counting()));
    kinds
        .keySet()
        .forEach(kind -> metrics.schedule().tasks(kind, byKind.getOrDefault(kind, 0L).intValue()));
    if (!plan.dropped().equals(state.plan().dropped())) {
      plan.dropped().forEach(metrics.probes()::dropped);
    }
  }

  private Kind<?> kind(Task task) {
    var kind = kinds.get(task.kind());
    if (kind == null) {
      throw new IllegalArgumentException("no probe kind \"" + task.kind() + "\"");
    }
    return kind;
  }
}
