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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings and tasks in use, and the diff to others. One caller at a time. */
final class ActivePlan {
  private static final Logger log = LoggerFactory.getLogger(ActivePlan.class);

  private final Scheduler scheduler;
  private final Metrics metrics;
  private final Map<String, ? extends KindSpec<?>> kinds;
  private final Clock clock;
  private volatile State state;

  private record State(Settings settings, TaskPlan plan) {}

  ActivePlan(
      Scheduler scheduler,
      Metrics metrics,
      Map<String, ? extends KindSpec<?>> kinds,
      Clock clock,
      Settings settings) {
    this.scheduler = scheduler;
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
   * Stops removed tasks and starts new ones. Series exist from before the first run until after the
   * last one; series of unchanged targets are not touched.
   */
  Future<Void> apply(Settings settings, TaskPlan plan) {
    var diff = TaskDiff.between(tasks(), plan.tasks());
    diff.start().forEach(task -> metrics.probes().add(task, kind(task)));
    return scheduler
        .apply(diff)
        .onSuccess(
            done -> {
              diff.stop().forEach(task -> metrics.probes().retire(task, clock.instant()));
              updateCounts(plan);
              state = new State(settings, plan);
            })
        .recover(e -> rollBack(diff).transform(done -> Future.failedFuture(e)));
  }

  private Future<Void> rollBack(TaskDiff diff) {
    diff.start().forEach(task -> metrics.probes().retire(task, clock.instant()));
    return scheduler.apply(new TaskDiff(/* stop= */ diff.start(), /* start= */ diff.stop()));
  }

  private void updateCounts(TaskPlan plan) {
    var byKind =
        plan.tasks().stream().collect(Collectors.groupingBy(Task::kind, Collectors.counting()));
    kinds
        .keySet()
        .forEach(kind -> metrics.schedule().tasks(kind, byKind.getOrDefault(kind, 0L).intValue()));
    if (!plan.dropped().equals(state.plan().dropped())) {
      plan.dropped().forEach(metrics.probes()::dropped);
      log.atWarn()
          .addKeyValue("dropped", plan.dropped())
          .addKeyValue("probed", plan.tasks().size())
          .log("too many targets for limits.targets or for the memory of this process");
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
