package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.PodIdentityAssociation;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.eks.model.ListPodIdentityAssociationsResponse;

/**
 * Which service accounts have a role by EKS Pod Identity; also read soon after a component began or
 * ceased to lack credentials.
 */
final class PodIdentities {
  private final AwsCalls calls;

  private PodIdentities(AwsCalls calls) {
    this.calls = calls;
  }

  static InventorySource<List<PodIdentityAssociation>> source(AwsCalls calls, Clock clock) {
    return new EventDrivenPoll<>(
        new AwsSource<>(
            Resources.POD_IDENTITY_ASSOCIATIONS,
            List.of(EksRights.cluster("ListPodIdentityAssociations")),
            calls,
            new PodIdentities(calls)::read),
        PodIdentities::withoutCredentials,
        clock);
  }

  private static Optional<Set<?>> withoutCredentials(Inventory known) {
    return known
        .get(Resources.COMPONENTS)
        .map(
            components ->
                components.stream()
                    .filter(component -> component.cause() == ReconcileCause.CREDENTIALS)
                    .map(Component::name)
                    .collect(Collectors.toSet()));
  }

  private Future<List<PodIdentityAssociation>> read(Inventory known) {
    var cluster = calls.settings().cluster();
    return Paginator.pages(
            "ListPodIdentityAssociations",
            token ->
                calls.eks(
                    "ListPodIdentityAssociations",
                    eks ->
                        eks.listPodIdentityAssociations(
                            ask -> ask.clusterName(cluster).nextToken(token))),
            ListPodIdentityAssociationsResponse::nextToken,
            ListPodIdentityAssociationsResponse::associations)
        .map(
            found ->
                found.stream()
                    .map(
                        one ->
                            new PodIdentityAssociation(
                                SdkNulls.text(one.namespace()),
                                SdkNulls.text(one.serviceAccount()),
                                SdkNulls.text(one.associationId())))
                    .toList());
  }
}
