package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Issue;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.eks.model.ListAddonsResponse;

/** The EKS add-ons; one that EKS does not know is managed by the user, and no fault. */
final class Addons {
  private final AwsCalls calls;

  private Addons(AwsCalls calls) {
    this.calls = calls;
  }

  static InventorySource<List<Addon>> source(AwsCalls calls) {
    return new AwsSource<>(
        Resources.ADDONS,
        List.of(EksRights.cluster("ListAddons"), EksRights.addon("DescribeAddon")),
        calls,
        new Addons(calls)::read);
  }

  private Future<List<Addon>> read(Inventory known) {
    var cluster = calls.settings().cluster();
    return Paginator.pages(
            "ListAddons",
            token ->
                calls.eks(
                    "ListAddons",
                    eks -> eks.listAddons(ask -> ask.clusterName(cluster).nextToken(token))),
            ListAddonsResponse::nextToken,
            ListAddonsResponse::addons)
        .compose(names -> Paginator.each(names, name -> Paginator.ifThere(describe(cluster, name))))
        .map(addons -> addons.stream().flatMap(Optional::stream).toList());
  }

  private Future<Addon> describe(String cluster, String name) {
    return calls
        .eks(
            "DescribeAddon",
            eks -> eks.describeAddon(ask -> ask.clusterName(cluster).addonName(name)))
        .map(answer -> of(answer.addon()));
  }

  private static Addon of(software.amazon.awssdk.services.eks.model.Addon addon) {
    var health = addon.health();
    return new Addon(
        SdkNulls.text(addon.addonName()),
        SdkNulls.text(addon.addonVersion()),
        SdkNulls.text(addon.statusAsString()),
        health == null
            ? List.of()
            : health.issues().stream()
                .map(
                    issue ->
                        new Issue(
                            SdkNulls.text(issue.codeAsString()), SdkNulls.text(issue.message())))
                .toList());
  }
}
