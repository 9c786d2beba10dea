package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Issue;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.eks.model.ListAddonsResponse;

/** The EKS add-ons; self-managed ones are not among them. */
final class Addons extends AwsSource<List<Addon>> {
  Addons(AwsClients aws) {
    super(
        aws,
        Resources.ADDONS,
        List.of(
            AwsService.EKS.on("cluster/CLUSTER", "ListAddons"),
            AwsService.EKS.on("addon/CLUSTER/*/*", "DescribeAddon")));
  }

  @Override
  Future<List<Addon>> load(Inventory inventory) {
    var cluster = aws.settings().cluster();
    return AwsClients.list(
            aws.eks().listAddonsPaginator(request -> request.clusterName(cluster)),
            ListAddonsResponse::addons)
        .compose(names -> aws.each(names, name -> AwsClients.ifFound(describe(cluster, name))))
        .map(addons -> addons.stream().flatMap(Optional::stream).toList());
  }

  private Future<Addon> describe(String cluster, String name) {
    return AwsClients.future(
            aws.eks().describeAddon(request -> request.clusterName(cluster).addonName(name)))
        .map(response -> of(response.addon()));
  }

  private static Addon of(software.amazon.awssdk.services.eks.model.Addon addon) {
    return new Addon(
        orEmpty(addon.addonName()),
        Optional.ofNullable(addon.statusAsString()),
        Optional.ofNullable(addon.addonVersion()),
        addon.health() == null
            ? List.of()
            : addon.health().issues().stream()
                .map(
                    issue ->
                        new Issue(
                            orEmpty(issue.codeAsString()), Optional.ofNullable(issue.message())))
                .toList());
  }
}
