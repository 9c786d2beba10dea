package io.eksnet.plan;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.Assignment;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.config.Settings;
import io.eksnet.config.Suites;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable.Reason;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The plans of all agents, computed from settings and inventory alone: the same inventory always
 * gives the same plans.
 *
 * <p>A suite whose inventory resources are stale stays out of the plan, as their series stay out of
 * the metrics. If a resource was never read and may still arrive, as just after the start of a
 * controller, agents keep the assignments they have ({@link AgentPlan#kept()}); so a new leader
 * leaves no gap in probing, even while AWS does not answer.
 *
 * @param byNode in the order of their names
 * @param errors what is left out because it is not valid
 * @param dropped how much the bounds on plans left out
 */
public record FleetPlan(
    Map<String, AgentPlan> byNode, List<ValidationError> errors, Map<Suite, Integer> dropped) {
  /** The port on which agents listen by default. */
  public static final int AGENT_PORT = 9853;

  private static final int MAX_BACKENDS = 50;

  /** The agents are not known. */
  public static final FleetPlan UNKNOWN = new FleetPlan(Map.of(), List.of(), Map.of());

  public FleetPlan {
    byNode = Collections.unmodifiableMap(new TreeMap<>(byNode));
    errors = List.copyOf(errors);
    dropped = Map.copyOf(dropped);
  }

  /** For a cluster with these settings. */
  public static FleetPlan of(Settings settings, Inventory inventory) {
    return of(
        settings.suites(),
        Optional.of(ResourceProbes.Config.of(settings)),
        settings.labels().keySet(),
        inventory,
        new AllowedTargets(settings.controller().loopback()),
        settings.controller().agentPort());
  }

  /** For a cluster whose agents listen where they do by default. */
  public static FleetPlan of(Suites suites, Inventory inventory) {
    return of(suites, inventory, AllowedTargets.CLUSTER, AGENT_PORT);
  }

  /**
   * For any cluster without Probe resources.
   *
   * @param reach where agents may be sent
   * @param agentPort where they listen
   */
  public static FleetPlan of(
      Suites suites, Inventory inventory, AllowedTargets reach, int agentPort) {
    return of(suites, Optional.empty(), Set.of(), inventory, reach, agentPort);
  }

  private static FleetPlan of(
      Suites suites,
      Optional<ResourceProbes.Config> resources,
      Set<String> reservedLabels,
      Inventory inventory,
      AllowedTargets reach,
      int agentPort) {
    return inventory
        .get(Resources.AGENTS)
        .map(
            agents ->
                new Making(
                    suites,
                    resources,
                    inventory,
                    AgentSet.of(agents.agents(), inventory),
                    reach,
                    new PlanBuilder(reach, reservedLabels)))
        .map(making -> making.plan(agentPort))
        .orElse(UNKNOWN);
  }

  /** The plan of one agent; empty: it is not known, or not one of the agents yet. */
  public Optional<AgentPlan> forNode(String node) {
    return Optional.ofNullable(byNode.get(node));
  }

  private record Making(
      Suites suites,
      Optional<ResourceProbes.Config> resources,
      Inventory inventory,
      AgentSet fleet,
      AllowedTargets reach,
      PlanBuilder draft) {
    FleetPlan plan(int agentPort) {
      if (suites.dns().enabled() && has(Suite.DNS, Resources.DNS_PODS)) {
        backends();
      }
      if (suites.pod().enabled()) {
        peers(agentPort);
      }
      var scaledToZero = ScaledToZeroServices.in(inventory);
      var services = new ServiceCalls(suites, inventory, scaledToZero, fleet, draft);
      if (suites.service().enabled() && has(Suite.SERVICE, Resources.SERVICES)) {
        services.plan();
      }
      if (suites.lb().enabled() && has(Suite.LB, Resources.LOAD_BALANCERS, Resources.INGRESSES)) {
        new LbCalls(suites, inventory, scaledToZero, fleet, draft).plan();
      }
      if (suites.target().enabled()
          && has(
              Suite.TARGET,
              Resources.TARGET_GROUPS,
              Resources.TARGET_HEALTH,
              Resources.SERVICE_PODS,
              Resources.SERVICES,
              Resources.NODES)) {
        new TargetCalls(inventory, fleet, draft).plan();
      }
      if (suites.endpoints().enabled()
          && has(
              Suite.ENDPOINTS,
              Resources.CLUSTER,
              Resources.COMPONENTS,
              Resources.IMAGE_REGISTRIES)) {
        new EndpointCalls(suites, inventory, fleet, draft).plan();
      }
      new AnnotatedProbes(suites, inventory, scaledToZero, fleet, draft).plan();
      has(Suite.ANNOTATED, unknownAnnotated());
      resources
          .filter(config -> config.resources().enabled())
          .filter(config -> has(Suite.PROBE_RESOURCE, Resources.PROBES))
          .ifPresent(
              config ->
                  new ResourceProbes(
                          config, suites.lb().agentsPerZone(), reach, inventory, fleet, draft)
                      .plan());
      return draft.plan(fleet);
    }

    private Resource<?>[] unknownAnnotated() {
      return Stream.of(
              Resources.SERVICES, Resources.INGRESSES, Resources.GATEWAYS, Resources.GATEWAY_ROUTES)
          .filter(inventory::isUnknown)
          .toArray(Resource<?>[]::new);
    }

    /** Whether all resources are fresh; if not, the agents may keep the suite. */
    private boolean has(Suite suite, Resource<?>... parts) {
      var missing =
          Stream.of(parts)
              .<Snapshot<?>>map(inventory::snapshot)
              .filter(part -> part.value().isEmpty())
              .toList();
      if (!missing.isEmpty() && missing.stream().allMatch(Making::mayYetCome)) {
        draft.keep(suite);
      }
      return missing.isEmpty();
    }

    private static boolean mayYetCome(Snapshot<?> part) {
      return part.at().equals(Instant.EPOCH)
          && part.unavailable()
              .filter(l -> l.reason() == Reason.ABSENT || l.reason() == Reason.DENIED)
              .isEmpty();
    }

    /** On Fargate and Auto Mode there may be none; that is not for the plan to judge. */
    private void backends() {
      var backends =
          inventory.list(Resources.DNS_PODS).stream()
              .filter(pod -> pod.ready() && !pod.ip().isEmpty())
              .map(DnsPod::ip)
              .distinct()
              .sorted()
              .toList();
      draft.first(MAX_BACKENDS, backends, Suite.DNS).stream()
          .flatMap(
              ip ->
                  draft
                      .allowed(
                          "pod of CoreDNS", "status.podIP", () -> new Assignment.DnsBackend(ip))
                      .stream())
          .forEach(backend -> draft.give(fleet.agents(), backend));
    }

    private void peers(int port) {
      for (var agent : fleet.agents()) {
        for (var peer : fleet.peersOf(agent, suites.pod().peers())) {
          draft
              .allowed(
                  "agent on " + peer.node(),
                  "status.podIP",
                  () -> new Assignment.Peer(peer.node(), peer.zone(), peer.address(), port))
              .ifPresent(assignment -> draft.give(agent, assignment));
        }
      }
    }
  }
}
