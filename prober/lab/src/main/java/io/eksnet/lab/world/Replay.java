package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.world.Scenarios.Stage;
import io.eksnet.lab.world.Scenarios.Story;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What befalls the cluster: one story at a time, by its timeline or by hand. Another one begins
 * with the repair of the one before.
 */
public final class Replay {
  private final Consumer<UnaryOperator<ClusterState>> change;
  private final ScheduledExecutorService clock;
  private ClusterState before = ClusterState.EMPTY;
  private Optional<Future<?>> pending = Optional.empty();
  private volatile Now now = Now.NOTHING;

  /**
   * Where it stands.
   *
   * @param stage 0 before the first
   * @param timed whether the next stage comes by itself
   */
  public record Now(Optional<Story> story, int stage, boolean timed) {
    static final Now NOTHING = new Now(Optional.empty(), 0, false);

    /** The stage that is on. */
    public Optional<Stage> on() {
      return stage == 0 ? Optional.empty() : story.map(it -> it.stages().get(stage - 1));
    }

    /** The stage that follows it. */
    public Optional<Stage> following() {
      return story.filter(it -> stage < it.stages().size()).map(it -> it.stages().get(stage));
    }

    /** What is on, for people. */
    public String says() {
      return story
          .map(
              it ->
                  it.name()
                      + on().map(stage -> says(it, stage))
                          .orElse(": nothing is wrong" + (timed ? " yet" : "")))
          .orElse("nothing is wrong with the cluster");
    }

    private String says(Story of, Stage on) {
      return ", stage %d of %d: %s".formatted(stage, of.stages().size(), on.says());
    }

    private Optional<Duration> pause() {
      return following().map(Stage::after).orElseGet(() -> story.flatMap(Story::repaired));
    }
  }

  Replay(Consumer<UnaryOperator<ClusterState>> change, ScheduledExecutorService clock) {
    this.change = change;
    this.clock = clock;
  }

  /** Where it stands now. */
  public Now now() {
    return now;
  }

  /** Plays a story by its timeline, from a healthy cluster to a healthy cluster. */
  public synchronized void play(Story story) {
    repair();
    now = new Now(Optional.of(story), 0, true);
    schedule();
  }

  /** Goes to the first stage of a story; the others come when they are asked for. */
  public synchronized void start(Story story) {
    repair();
    now = new Now(Optional.of(story), 0, false);
    if (!story.stages().isEmpty()) {
      next();
    }
  }

  /** Goes to the next stage; after the last one the cluster is repaired. */
  public synchronized void next() {
    var following = now.following();
    if (following.isEmpty()) {
      repair();
      return;
    }
    cancel();
    try {
      change.accept(
          state -> {
            before = now.stage() == 0 ? state : before;
            return following.get().what().apply(before);
          });
      now = new Now(now.story(), now.stage() + 1, now.timed());
    } catch (RuntimeException e) {
      now = new Now(now.story(), Math.max(1, now.stage()), false);
      repair();
      throw e;
    }
    schedule();
  }

  /** The cluster is as it was before the story. */
  public synchronized void repair() {
    cancel();
    if (now.stage() > 0) {
      change.accept(state -> before);
    }
    now = Now.NOTHING;
  }

  private void schedule() {
    if (now.timed()) {
      pending =
          now.pause()
              .map(pause -> clock.schedule(this::due, pause.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private void due() {
    try {
      next();
    } catch (RuntimeException e) {
      System.err.println("lab: the scenario ends here: " + e.getMessage());
    }
  }

  private void cancel() {
    pending.ifPresent(future -> future.cancel(false));
    pending = Optional.empty();
  }
}
