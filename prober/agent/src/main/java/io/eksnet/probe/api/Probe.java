package io.eksnet.probe.api;

import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.vertx.core.Future;
import java.time.Duration;

/** A probe with its settings, ready to run against targets; lives on one event loop. */
public interface Probe extends AutoCloseable {
  /**
   * One run. Completes within {@code timeout} on the probe's event loop and has by then closed all
   * it opened; never fails: whatever goes wrong is an {@link Outcome}.
   */
  Future<Outcome> run(Target target, Duration timeout);

  /** Gives back what outlives a run, such as watched files. */
  @Override
  default void close() {}
}
