package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.stream.Stream;

/** R38: a load balancer is still provisioning when it was last read. */
final class LbProvisioning implements DiagnosisRule {
  private static final Duration MAX_PROVISIONING = Duration.ofMinutes(10);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var readAt = evidence.inventory().snapshot(Resources.LOAD_BALANCERS).at();
    return evidence.list(Resources.LOAD_BALANCERS).stream()
        .filter(lb -> lb.state().equals("provisioning"))
        .filter(lb -> lb.created().plus(MAX_PROVISIONING).isBefore(readAt))
        .map(lb -> finding(lb, Duration.between(lb.created(), readAt), evidence));
  }

  private static Finding finding(LoadBalancer lb, Duration age, EvidenceIndex evidence) {
    return Finding.builder(RootCause.LB_PROVISIONING, "lb/" + lb.name(), 95)
        .evidence("its state has been provisioning for %d minutes".formatted(age.toMinutes()))
        .supportedBy(evidence.inventory(), Resources.LOAD_BALANCERS)
        .excludes("not the usual provisioning time of 3 to 7 minutes")
        .fix(
            "check that each of its subnets has at least 8 free addresses",
            "delete and re-create it, or open a case with AWS Support")
        .build();
  }
}
