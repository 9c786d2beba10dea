package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.stream.Stream;

/** R38: a load balancer is still being built after the 10 minutes in which that is normal. */
final class LbProvisioning implements Rule {
  private static final Duration NORMAL = Duration.ofMinutes(10);

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var seen = evidence.inventory().known(Resources.LOAD_BALANCERS).at();
    return evidence.inventory().list(Resources.LOAD_BALANCERS).stream()
        .filter(lb -> lb.state().equals("provisioning"))
        .filter(lb -> lb.created().plus(NORMAL).isBefore(seen))
        .flatMap(
            lb ->
                FindingBuilder.of(RootCause.LB_PROVISIONING, "lb/" + lb.name(), 95)
                    .seen(
                        "it has been provisioning for %d minutes"
                            .formatted(Duration.between(lb.created(), seen).toMinutes()))
                    .supportedBy(evidence, Resources.LOAD_BALANCERS)
                    .excludes("not the usual 3 to 7 minutes")
                    .fix(
                        "see the addresses left in its subnets: 8 each at least",
                        "delete and make it anew, or ask AWS support")
                    .stream());
  }
}
