package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey.LbPath;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.stream.Stream;

/** R34: the answers that come through the load balancer are errors of the application. */
final class ApplicationError implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var all = ProbeResults.of(evidence, LbPath.class);
    var failing = all.that(Codes::ofTheApplication);
    return failing.values(seen -> seen.subject().lb()).stream()
        .flatMap(
            lb ->
                finding(
                    lb,
                    failing.where(path -> path.lb().equals(lb)),
                    all.where(path -> path.lb().equals(lb))));
  }

  private static Stream<Finding> finding(
      String lb, ProbeResults<LbPath> failing, ProbeResults<LbPath> all) {
    var code =
        failing.all().stream()
            .flatMap(seen -> seen.track().last().stream())
            .findFirst()
            .orElseThrow();
    return FindingBuilder.of(RootCause.APPLICATION_ERROR, "lb/" + lb, 90)
        .seen(
            "an application behind %s answers %d to %s"
                .formatted(lb, code.code(), FindingText.share(failing.nodes(), all.nodes())))
        .excludes("not the load balancer: the answer was made by a target")
        .fix("see the logs of the application")
        .stream();
  }
}
