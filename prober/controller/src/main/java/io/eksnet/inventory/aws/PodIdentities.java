package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.PodIdentityAssociation;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The service accounts that have a role by EKS Pod Identity. */
final class PodIdentities extends AwsSource<List<PodIdentityAssociation>> {
  private static final Set<ReconcileCause> WITHOUT_CREDENTIALS =
      EnumSet.of(ReconcileCause.CREDENTIALS, ReconcileCause.IMDS_UNREACHABLE);

  PodIdentities(AwsClients aws) {
    super(
        aws,
        Resources.POD_IDENTITY_ASSOCIATIONS,
        List.of(AwsService.EKS.on("cluster/CLUSTER", "ListPodIdentityAssociations")));
  }

  /** Components without credentials: their association may be missing. */
  @Override
  Optional<Set<?>> triggers(Inventory inventory) {
    return inventory
        .get(Resources.COMPONENTS)
        .map(
            components ->
                components.stream()
                    .filter(component -> WITHOUT_CREDENTIALS.contains(component.cause()))
                    .map(Component::name)
                    .collect(Collectors.toSet()));
  }

  @Override
  Future<List<PodIdentityAssociation>> load(Inventory inventory) {
    var cluster = aws.settings().cluster();
    return AwsClients.list(
        aws.eks().listPodIdentityAssociationsPaginator(request -> request.clusterName(cluster)),
        page ->
            page.associations().stream()
                .map(
                    association ->
                        new PodIdentityAssociation(
                            orEmpty(association.namespace()),
                            orEmpty(association.serviceAccount())))
                .toList());
  }
}
