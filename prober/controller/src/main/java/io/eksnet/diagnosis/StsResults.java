package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toCollection;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Probe results of the regional STS endpoint.
 *
 * @param resolvesPrivately nodes on which its name resolves to private addresses only
 * @param resolvesPublicly nodes on which its name resolves to public addresses
 */
record StsResults(
    ProbeResults<StsKey> all, Set<String> resolvesPrivately, Set<String> resolvesPublicly) {
  private static final Set<String> NO_RESPONSE = Set.of("timeout", "unreachable");

  static StsResults of(ProbeResults<StsKey> all, List<AgentReport> agents) {
    return new StsResults(all, resolving(true, agents), resolving(false, agents));
  }

  /** Those that get no answer to connection attempts, or have no route. */
  ProbeResults<StsKey> unreachable() {
    return all.failingWith(NO_RESPONSE).matching(window -> endedIn(Phase.CONNECT, window));
  }

  /** Nodes on which the name does not resolve. */
  Set<String> doesNotResolve() {
    return all.failing().matching(window -> endedIn(Phase.RESOLVE, window)).nodes();
  }

  private static Set<String> resolving(boolean privately, List<AgentReport> agents) {
    return agents.stream()
        .filter(agent -> Objects.equals(agent.host().privateEndpoints().get("sts"), privately))
        .map(AgentReport::node)
        .collect(toCollection(TreeSet::new));
  }

  private static boolean endedIn(Phase phase, ResultWindow window) {
    return window.last().map(Result::phase).filter(phase::equals).isPresent();
  }
}
