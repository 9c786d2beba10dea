package io.eksnet.agent;

import io.eksnet.config.Settings;
import io.eksnet.metrics.Metrics;
import io.eksnet.model.HostPort;
import io.eksnet.web.ClusterEndpoints;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The controller that runs in this process. Agents have none, and none of its classes on their
 * class path.
 */
public interface ClusterController extends AutoCloseable {
  /**
   * Joins the leader election.
   *
   * @param address where the other replica reaches this process; empty: unknown
   */
  void start(Optional<HostPort> address);

  /** Computes all plans again, because the settings have changed. */
  void replan();

  /** The plan of the agent that runs in the same process. */
  PlanSource planSource(String node);

  /** The endpoints of this controller. */
  ClusterEndpoints endpoints();

  /** Releases the Lease and stops; blocks. */
  @Override
  void close();

  /** Creates the controller of a process. */
  @FunctionalInterface
  interface Factory {
    ClusterController create(Context context);
  }

  /**
   * What the process provides.
   *
   * @param settings those in use
   * @param standalone whether this is the only replica, so that there is no election
   */
  record Context(
      ProberRuntime runtime,
      Clock clock,
      Supplier<Settings> settings,
      boolean standalone,
      Metrics metrics,
      PeerConnections peers) {}
}
