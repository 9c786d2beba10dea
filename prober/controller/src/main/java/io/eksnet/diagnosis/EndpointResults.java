package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toCollection;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Probe results of the endpoint of an AWS service.
 *
 * @param service as VPC endpoints name it, or {@link EndpointKey#API_SERVER}
 * @param resolvesPrivately nodes on which its name resolves to private addresses only
 * @param resolvesPublicly nodes on which its name resolves to public addresses
 * @param partial nodes on which some addresses of the name fail and others respond
 */
record EndpointResults(
    String service,
    ProbeResults<?> all,
    Set<String> resolvesPrivately,
    Set<String> resolvesPublicly,
    Set<String> partial) {
  static final String STS = "sts";

  /** The cluster's own API endpoint. */
  private static final Set<String> NO_RESPONSE = Set.of("timeout", "unreachable");

  /** STS first, also without results, then the others in alphabetical order. */
  static List<EndpointResults> of(
      ProbeResults<StsKey> sts, ProbeResults<EndpointKey> others, List<AgentReport> agents) {
    var endpoints = new ArrayList<EndpointResults>();
    endpoints.add(of(STS, sts, agents));
    others.groupBy(one -> one.key().service()).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> endpoints.add(of(entry.getKey(), entry.getValue(), agents)));
    return List.copyOf(endpoints);
  }

  private static EndpointResults of(
      String service, ProbeResults<? extends SeriesKey> all, List<AgentReport> agents) {
    return new EndpointResults(
        service,
        all,
        resolving(service, true, agents),
        resolving(service, false, agents),
        agents.stream()
            .filter(agent -> agent.host().failingAddresses().containsKey(service))
            .map(AgentReport::node)
            .collect(toCollection(TreeSet::new)));
  }

  private static Set<String> resolving(
      String service, boolean privately, List<AgentReport> agents) {
    return agents.stream()
        .filter(agent -> Objects.equals(agent.host().privateEndpoints().get(service), privately))
        .map(AgentReport::node)
        .collect(toCollection(TreeSet::new));
  }

  /** In texts. */
  String name() {
    return switch (service) {
      case STS -> "STS";
      case EndpointKey.API_SERVER -> "the API endpoint of the cluster";
      default -> service;
    };
  }

  /** Those that get no answer to connection attempts, or have no route, at any address. */
  ProbeResults<?> unreachable() {
    return noResponse(all).onNodes(node -> !partial.contains(node));
  }

  /** Those that get no answer at some of several addresses. */
  ProbeResults<?> partlyUnreachable() {
    return noResponse(all).onNodes(partial::contains);
  }

  /** Nodes on which the name does not resolve. */
  Set<String> doesNotResolve() {
    return all.failing().matching(window -> endedIn(Phase.RESOLVE, window)).nodes();
  }

  /** Whether a run succeeded on any node, now or before. */
  boolean isReachedBySome() {
    return all.series().stream().anyMatch(one -> one.window().successes().findAny().isPresent());
  }

  /** Those that get no answer to connection attempts, or have no route. */
  static <S extends SeriesKey> ProbeResults<S> noResponse(ProbeResults<S> all) {
    return all.failingWith(NO_RESPONSE).matching(window -> endedIn(Phase.CONNECT, window));
  }

  private static boolean endedIn(Phase phase, ResultWindow window) {
    return window.last().map(Result::phase).filter(phase::equals).isPresent();
  }
}
