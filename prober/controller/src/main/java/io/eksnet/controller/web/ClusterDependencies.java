package io.eksnet.controller.web;

import io.eksnet.controller.page.ClusterView;
import io.eksnet.incident.Change;
import io.eksnet.incident.IncidentHistory;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.plan.ValidationError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Data of the endpoints of a controller. {@code observed}, {@code view}, {@code evidence} and
 * {@code state} are called on a worker; all others on the event loop of the server, where they must
 * not block.
 *
 * @param following why this replica computes no plans; empty: it leads
 * @param plan the plan of a node, or why there is none yet
 * @param source where the data below come from
 * @param inventory fresh values only
 * @param observed the latest observations that agents reported
 * @param findings of the last diagnosis
 * @param notProbed what the plans leave out because it is not valid
 * @param view the data of the status page
 * @param evidence the input of a diagnosis made now
 * @param incidents those of both replicas
 * @param changes recent ones, oldest first
 * @param state all of it, for the other replica
 */
public record ClusterDependencies(
    Supplier<Optional<String>> following,
    Function<String, PlanPage> plan,
    Supplier<DataSource> source,
    Supplier<Inventory> inventory,
    Supplier<Collection<AgentObservation>> observed,
    Supplier<Diagnosed> findings,
    Supplier<List<ValidationError>> notProbed,
    Supplier<ClusterView> view,
    Supplier<Evidence> evidence,
    Supplier<IncidentHistory> incidents,
    Supplier<List<Change>> changes,
    Supplier<ReplicaState> state) {
  /**
   * Where the data of a response come from.
   *
   * @param unavailable why there are none; empty: there are
   * @param at the time of the data
   * @param age how old they are
   * @param leader the pod that leads, or empty
   */
  public record DataSource(Optional<String> unavailable, Instant at, Duration age, String leader) {
    /** Adds its age in seconds and the pod that leads to a response. */
    JsonObject describe(JsonObject response) {
      return response.put("age", age.toSeconds()).put("leader", leader);
    }
  }

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
