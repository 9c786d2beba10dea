package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.Resources;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * R53: a component asks IMDS for its region, because nothing was injected into its pods, and the
 * hop limit of 1 keeps pods from IMDS.
 */
final class RegionFromImds implements Rule {
  private static final Pattern IMDS =
      Pattern.compile("ec2imds.*(context deadline exceeded|request canceled)", Pattern.DOTALL);

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return evidence.inventory().list(Resources.COMPONENTS).stream()
        .filter(component -> IMDS.matcher(component.message()).find())
        .filter(component -> !component.credentialsInjected())
        .flatMap(component -> finding(component, evidence));
  }

  private static Stream<Finding> finding(Component component, Evidence evidence) {
    var draft =
        FindingBuilder.of(RootCause.CREDENTIALS_NOT_ASSOCIATED, "component/" + component.name(), 90)
            .seen("%s ends with: \"%s\"".formatted(component.name(), component.message()))
            .seen("its pods carry neither AWS_REGION nor credentials: no webhook injected them")
            .supportedBy(evidence, Resources.COMPONENTS)
            .excludes("not a missing permission: it asks IMDS for the region before any call")
            .fix(
                "create a Pod Identity association for namespace %s and service account %s"
                    .formatted(component.namespace(), component.serviceAccount()),
                "restart its pods: an association holds for new pods only",
                "or set AWS_REGION in its environment")
            .explains(RootCause.INGRESS_RECONCILE_FAILING);
    Roles.elsewhere(component, evidence)
        .ifPresent(
            namespace ->
                draft.seen(
                    "there is an association for %s in the namespace %s"
                        .formatted(component.serviceAccount(), namespace)));
    return draft.stream();
  }
}
