package io.eksnet.controller.web;

import io.eksnet.controller.page.ClusterView;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Inventory;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a controller shows besides. All are called on the event loop of the server and must not
 * block.
 *
 * @param following why this replica cannot answer for the cluster now; empty: it leads
 * @param plan the plan of a node, or why there is none yet
 * @param inventory what may be believed now
 * @param observed what agents reported last
 * @param findings what is wrong, as of the last diagnosis
 * @param view all that the status page shows
 * @param evidence what a diagnosis would be made of now; may take long, so not on an event loop
 */
public record ClusterDependencies(
    Supplier<Optional<String>> following,
    Function<String, PlanPage> plan,
    Supplier<Inventory> inventory,
    Supplier<Collection<AgentObservation>> observed,
    Supplier<Diagnosed> findings,
    Supplier<ClusterView> view,
    Supplier<Evidence> evidence) {
  /**
   * A diagnosis.
   *
   * @param at when it was made; empty: none was made yet
   * @param findings with the moment since when each is there
   */
  public record Diagnosed(Optional<Instant> at, List<Since> findings) {
    /** Nothing was diagnosed yet. */
    public static final Diagnosed NOT_YET = new Diagnosed(Optional.empty(), List.of());

    public Diagnosed {
      findings = List.copyOf(findings);
    }
  }

  /** A finding and since when it is there. */
  public record Since(Instant since, Finding finding) {}

  /** The plan of a node as it is sent. */
  public sealed interface PlanPage {
    /**
     * It is known.
     *
     * @param etag in quotes; another for another plan
     */
    record Ready(String etag, Buffer json) implements PlanPage {}

    /** Not enough is known of the cluster to say what to probe: agents keep what they have. */
    record NotYet(String reason) implements PlanPage {}
  }
}
