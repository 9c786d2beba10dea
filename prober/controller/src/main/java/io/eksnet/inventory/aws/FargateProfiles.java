package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.FargateProfile;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.eks.model.ListFargateProfilesResponse;

/** The Fargate profiles of the cluster. */
final class FargateProfiles extends AwsSource<List<FargateProfile>> {
  FargateProfiles(AwsClients aws) {
    super(
        aws,
        Resources.FARGATE_PROFILES,
        List.of(
            AwsService.EKS.on("cluster/CLUSTER", "ListFargateProfiles"),
            AwsService.EKS.on("fargateprofile/CLUSTER/*/*", "DescribeFargateProfile")));
  }

  /** CoreDNS pods without a node: they may need a profile. */
  @Override
  Optional<Set<?>> triggers(Inventory inventory) {
    return inventory
        .get(Resources.DNS_PODS)
        .map(
            pods ->
                pods.stream()
                    .filter(pod -> !pod.scheduling().scheduled())
                    .map(DnsPod::name)
                    .collect(Collectors.toSet()));
  }

  @Override
  Future<List<FargateProfile>> load(Inventory inventory) {
    var cluster = aws.settings().cluster();
    return AwsClients.list(
            aws.eks().listFargateProfilesPaginator(request -> request.clusterName(cluster)),
            ListFargateProfilesResponse::fargateProfileNames)
        .compose(names -> aws.each(names, name -> AwsClients.ifFound(describe(cluster, name))))
        .map(profiles -> profiles.stream().flatMap(Optional::stream).toList());
  }

  private Future<FargateProfile> describe(String cluster, String name) {
    return AwsClients.future(
            aws.eks()
                .describeFargateProfile(
                    request -> request.clusterName(cluster).fargateProfileName(name)))
        .map(response -> of(response.fargateProfile()));
  }

  private static FargateProfile of(
      software.amazon.awssdk.services.eks.model.FargateProfile profile) {
    return new FargateProfile(
        orEmpty(profile.fargateProfileName()),
        orEmpty(profile.statusAsString()),
        Optional.ofNullable(profile.createdAt()).orElse(Instant.EPOCH),
        profile.subnets(),
        profile.selectors().stream()
            .map(
                selector ->
                    new FargateProfile.Selector(orEmpty(selector.namespace()), selector.labels()))
            .toList());
  }
}
