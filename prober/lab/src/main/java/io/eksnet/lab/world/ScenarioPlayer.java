package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.world.LabScenario.Stage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Plays one scenario at a time, by its timeline or step by step. Repairs the previous one before it
 * starts another.
 */
public final class ScenarioPlayer {
  private final Consumer<UnaryOperator<ClusterState>> changeCluster;
  private final ScheduledExecutorService scheduler;
  private ClusterState healthy = ClusterState.EMPTY;
  private Optional<Future<?>> pending = Optional.empty();
  private volatile Progress progress = Progress.NONE;

  /**
   * The current scenario.
   *
   * @param stageNumber 0 before the first stage
   * @param timed whether the next stage starts by itself
   */
  public record Progress(Optional<LabScenario> scenario, int stageNumber, boolean timed) {
    static final Progress NONE = new Progress(Optional.empty(), 0, false);

    /** The current stage. */
    public Optional<Stage> stage() {
      return stageNumber == 0
          ? Optional.empty()
          : scenario.map(current -> current.stages().get(stageNumber - 1));
    }

    /** The next stage. */
    public Optional<Stage> nextStage() {
      return scenario
          .filter(current -> stageNumber < current.stages().size())
          .map(current -> current.stages().get(stageNumber));
    }

    /** One sentence for people. */
    public String describe() {
      if (scenario.isEmpty()) {
        return "The cluster is healthy.";
      }
      var name = scenario.get().name();
      return stage()
          .map(
              stage ->
                  "%s, stage %d of %d: %s"
                      .formatted(
                          name, stageNumber, scenario.get().stages().size(), stage.description()))
          .orElse(name + ": the cluster is " + (timed ? "still healthy." : "healthy."));
    }

    private Optional<Duration> delay() {
      return nextStage()
          .map(Stage::after)
          .orElseGet(() -> scenario.flatMap(LabScenario::repairAfter));
    }
  }

  ScenarioPlayer(
      Consumer<UnaryOperator<ClusterState>> changeCluster, ScheduledExecutorService scheduler) {
    this.changeCluster = changeCluster;
    this.scheduler = scheduler;
  }

  /** The current scenario and stage. */
  public Progress progress() {
    return progress;
  }

  /** Plays a scenario by its timeline. */
  public synchronized void play(LabScenario scenario) {
    repair();
    progress = new Progress(Optional.of(scenario), 0, true);
    schedule();
  }

  /** Starts the first stage of a scenario; the others start on request. */
  public synchronized void start(LabScenario scenario) {
    repair();
    progress = new Progress(Optional.of(scenario), 0, false);
    if (!scenario.stages().isEmpty()) {
      next();
    }
  }

  /** Starts the next stage; after the last one, repairs the cluster. */
  public synchronized void next() {
    var next = progress.nextStage();
    if (next.isEmpty()) {
      repair();
      return;
    }
    cancel();
    try {
      changeCluster.accept(
          state -> {
            healthy = progress.stageNumber() == 0 ? state : healthy;
            return next.get().change().apply(healthy);
          });
      progress = new Progress(progress.scenario(), progress.stageNumber() + 1, progress.timed());
    } catch (RuntimeException e) {
      progress = new Progress(progress.scenario(), Math.max(1, progress.stageNumber()), false);
      repair();
      throw e;
    }
    schedule();
  }

  /** Restores the cluster as it was before the scenario. */
  public synchronized void repair() {
    cancel();
    if (progress.stageNumber() > 0) {
      changeCluster.accept(state -> healthy);
    }
    progress = Progress.NONE;
  }

  private void schedule() {
    if (progress.timed()) {
      pending =
          progress
              .delay()
              .map(
                  delay ->
                      scheduler.schedule(
                          this::nextScheduled, delay.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private void nextScheduled() {
    try {
      next();
    } catch (RuntimeException e) {
      System.err.println("lab: scenario stopped: " + e.getMessage());
    }
  }

  private void cancel() {
    pending.ifPresent(future -> future.cancel(false));
    pending = Optional.empty();
  }
}
