package io.eksnet.diagnosis;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.StsPath;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.ResultWindow;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The way to STS as the agents saw it. */
record StsView(Evidence evidence, ProbeResults<StsPath> seen) {
  static StsView of(Evidence evidence) {
    return new StsView(evidence, ProbeResults.of(evidence, StsPath.class));
  }

  /** Where no connection comes about, silently. */
  Set<String> connectTimesOut() {
    return seen.failing("timeout").that(StsView::endedInConnect).nodes();
  }

  /** Where its name does not resolve. */
  Set<String> doesNotResolve() {
    return seen.failing().that(StsView::endedInResolve).nodes();
  }

  /** Where its name resolves to private addresses only, or to others; not where that is unknown. */
  Set<String> resolves(boolean privately) {
    return evidence.agents().stream()
        .filter(
            agent ->
                Optional.ofNullable(agent.host().privateEndpoints().get("sts"))
                    .filter(said -> said == privately)
                    .isPresent())
        .map(AgentReport::node)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean endedInConnect(ResultWindow track) {
    return track.last().filter(result -> result.phase() == Phase.CONNECT).isPresent();
  }

  private static boolean endedInResolve(ResultWindow track) {
    return track.last().filter(result -> result.phase() == Phase.RESOLVE).isPresent();
  }
}
