package io.eksnet.agent;

import io.eksnet.config.Settings;
import io.eksnet.metrics.Metrics;
import io.eksnet.web.ClusterEndpoints;
import io.eksnet.web.WebConfig;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * The controller of a process, as the process sees it. Agents run without one, and without its
 * classes on their class path.
 */
public interface ClusterController extends AutoCloseable {
  /** Takes part in the leader election. */
  void start();

  /** Computes all plans anew, because the settings changed. */
  void replan();

  /** Where the agent of the same process gets its plan. */
  PlanFetch.Source planSource();

  /** What this controller serves. */
  ClusterEndpoints endpoints();

  /** Releases the Lease and stops; blocks, so not for an event loop. */
  @Override
  void close();

  /** Creates the controller of a process. */
  @FunctionalInterface
  interface Factory {
    ClusterController create(Context context);
  }

  /**
   * What a controller gets from its process.
   *
   * @param settings those in force
   * @param alone whether there is no other replica, and so no election
   */
  record Context(
      ProberRuntime runtime,
      Clock clock,
      Supplier<Settings> settings,
      WebConfig web,
      boolean alone,
      Metrics metrics,
      PeerConnections peers) {}
}
