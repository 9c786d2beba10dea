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
 * What the endpoints show and start. All are called on the event loop of the server and must not
 * block, except {@code metrics}, which is called on a worker, one call at a time.
 *
 * @param trouble why the process should be restarted; empty: it is alive and the schedule advances
 * @param notReady why it is not ready; empty: it is
 * @param reload loads the config anew; completes with the reason when the old one stays
 * @param config the running config as YAML, secrets masked
 * @param tasks all that is probed
 * @param probe runs a task once, out of turn and uncounted
 * @param host what this process knows of its own node
 * @param token what agents and controllers show each other
 * @param cluster what a controller shows besides; empty: this is none
 */
public record EndpointDependencies(
    About about,
    MetricsPage metrics,
    Supplier<Optional<String>> trouble,
    Supplier<Optional<String>> notReady,
    Supplier<Future<Optional<String>>> reload,
    Supplier<String> config,
    Supplier<? extends Collection<Task>> tasks,
    Function<Task, Future<Observation>> probe,
    History history,
    InstantSource clock,
    Supplier<HostReport> host,
    SharedToken token,
    Optional<ClusterEndpoints> cluster) {
  /** Writes the metrics. */
  @FunctionalInterface
  public interface MetricsPage {
    /** Writes in the format that {@code accept} wants most; returns the content type. */
    String write(@Nullable String accept, OutputStream to) throws IOException;
  }
}
