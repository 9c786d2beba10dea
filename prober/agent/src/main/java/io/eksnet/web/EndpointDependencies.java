package io.eksnet.web;

import io.eksnet.model.Observation;
import io.eksnet.model.Task;
import io.eksnet.model.diagnosis.HostReport;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Data and actions of the endpoints. {@code metrics}, {@code config}, {@code tasks} and {@code
 * history} are also read on a worker that renders pages, one at a time; the others are called on
 * the event loop of the server and must not block.
 *
 * @param unhealthyReason why the process should be restarted; empty: it is healthy
 * @param notReadyReason why the process is not ready; empty: it is ready
 * @param reload reloads the config; completes with the reason if the previous config stays
 * @param config the running config as YAML, secrets masked
 * @param tasks all scheduled tasks
 * @param probe runs a task once, outside the schedule and without metrics
 * @param hostReport findings of this process about its own node
 * @param token shared by agents and controllers
 * @param trustLoopback whether clients on this host need no token
 * @param cluster the endpoints of a controller; empty: this process is an agent
 */
public record EndpointDependencies(
    About about,
    MetricsWriter metrics,
    Supplier<Optional<String>> unhealthyReason,
    Supplier<Optional<String>> notReadyReason,
    Supplier<Future<Optional<String>>> reload,
    Supplier<String> config,
    Supplier<? extends Collection<Task>> tasks,
    Function<Task, Future<Observation>> probe,
    History history,
    InstantSource clock,
    Supplier<HostReport> hostReport,
    SharedToken token,
    boolean trustLoopback,
    Optional<ClusterEndpoints> cluster) {
  @FunctionalInterface
  public interface MetricsWriter {
    /** Writes metrics in the format that {@code accept} prefers; returns the content type. */
    String write(@Nullable String accept, OutputStream out) throws IOException;
  }
}
