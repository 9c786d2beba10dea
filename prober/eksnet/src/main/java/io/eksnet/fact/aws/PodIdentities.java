package io.eksnet.fact.aws;

import io.eksnet.core.inventory.Component;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.PodIdentityAssociation;
import io.eksnet.core.inventory.ReconcileCause;
import io.eksnet.fact.api.FactSource;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
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
  private static final Duration EVERY = Duration.ofMinutes(10);

  private final AwsCalls calls;

  private PodIdentities(AwsCalls calls) {
    this.calls = calls;
  }

  static FactSource<List<PodIdentityAssociation>> source(AwsCalls calls, Clock clock) {
    return new Prompted<>(
        new AwsSource<>(
            Parts.POD_IDENTITY_ASSOCIATIONS,
            EVERY,
            List.of(EksRights.cluster("ListPodIdentityAssociations")),
            calls,
            new PodIdentities(calls)::read),
        PodIdentities::withoutCredentials,
        clock);
  }

  private static Optional<Set<?>> withoutCredentials(Inventory known) {
    return known
        .get(Parts.COMPONENTS)
        .map(
            components ->
                components.stream()
                    .filter(component -> component.cause() == ReconcileCause.CREDENTIALS)
                    .map(Component::name)
                    .collect(Collectors.toSet()));
  }

  private Future<List<PodIdentityAssociation>> read(Inventory known) {
    var cluster = calls.settings().cluster();
    return InTurn.pages(
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
                                Said.text(one.namespace()),
                                Said.text(one.serviceAccount()),
                                Said.text(one.associationId())))
                    .toList());
  }
}
