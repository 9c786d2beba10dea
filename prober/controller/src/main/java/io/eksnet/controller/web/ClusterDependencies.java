package io.eksnet.controller.web;

import io.eksnet.controller.page.ClusterView;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.plan.ValidationError;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Data of the endpoints of a controller. {@code observed}, {@code view} and {@code evidence} are
 * called on a worker; all others on the event loop of the server, where they must not block.
 *
 * @param following why this replica has no data of the cluster; empty: it leads
 * @param plan the plan of a node, or why there is none yet
 * @param inventory fresh values only
 * @param observed the latest observations that agents reported
 * @param findings of the last diagnosis
 * @param notProbed what the plans leave out because it is not valid
 * @param view the data of the status page
 * @param evidence the input of a diagnosis made now
 */
public record ClusterDependencies(
    Supplier<Optional<String>> following,
    Function<String, PlanPage> plan,
    Supplier<Inventory> inventory,
    Supplier<Collection<AgentObservation>> observed,
    Supplier<Diagnosed> findings,
    Supplier<List<ValidationError>> notProbed,
    Supplier<ClusterView> view,
    Supplier<Evidence> evidence) {
  /**
   * The result of a diagnosis.
   *
   * @param at empty: there was none yet
   * @param findings what is wrong
   * @param notices what needs attention some day
   * @param ignored what the config switches off
   */
  public record Diagnosed(
      Optional<Instant> at, List<Since> findings, List<Since> notices, List<Ignored> ignored) {
    public static final Diagnosed NOT_YET =
        new Diagnosed(Optional.empty(), List.of(), List.of(), List.of());

    public Diagnosed {
      findings = List.copyOf(findings);
      notices = List.copyOf(notices);
      ignored = List.copyOf(ignored);
    }
  }

  /** A finding that the config switches off, and the reason that it gives. */
  public record Ignored(Since found, String reason) {}

  /** A finding and when it began. */
  public record Since(Instant since, Finding finding) {}

  /** The plan of a node. */
  public sealed interface PlanPage {
    /**
     * A plan.
     *
     * @param etag in quotes; identifies the content
     */
    record Ready(String etag, Buffer json) implements PlanPage {}

    /** The inventory is incomplete: agents keep their plan. */
    record NotYet(String reason) implements PlanPage {}
  }
}
