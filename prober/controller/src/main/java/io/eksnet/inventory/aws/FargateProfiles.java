package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.FargateProfile;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.eks.model.ListFargateProfilesResponse;

/** The Fargate profiles of the cluster; also read soon after CoreDNS lost or found a node. */
final class FargateProfiles {
  private final AwsCalls calls;

  private FargateProfiles(AwsCalls calls) {
    this.calls = calls;
  }

  static InventorySource<List<FargateProfile>> source(AwsCalls calls, Clock clock) {
    return new EventDrivenPoll<>(
        new AwsSource<>(
            Resources.FARGATE_PROFILES,
            List.of(
                EksRights.cluster("ListFargateProfiles"),
                EksRights.fargateProfile("DescribeFargateProfile")),
            calls,
            new FargateProfiles(calls)::read),
        FargateProfiles::withoutNode,
        clock);
  }

  private static Optional<Set<?>> withoutNode(Inventory known) {
    return known
        .get(Resources.DNS_PODS)
        .map(
            pods ->
                pods.stream()
                    .filter(pod -> !pod.scheduling().scheduled())
                    .map(DnsPod::name)
                    .collect(Collectors.toSet()));
  }

  private Future<List<FargateProfile>> read(Inventory known) {
    var cluster = calls.settings().cluster();
    return Paginator.pages(
            "ListFargateProfiles",
            token ->
                calls.eks(
                    "ListFargateProfiles",
                    eks ->
                        eks.listFargateProfiles(ask -> ask.clusterName(cluster).nextToken(token))),
            ListFargateProfilesResponse::nextToken,
            ListFargateProfilesResponse::fargateProfileNames)
        .compose(names -> Paginator.each(names, name -> Paginator.ifThere(describe(cluster, name))))
        .map(profiles -> profiles.stream().flatMap(Optional::stream).toList());
  }

  private Future<FargateProfile> describe(String cluster, String name) {
    return calls
        .eks(
            "DescribeFargateProfile",
            eks ->
                eks.describeFargateProfile(
                    ask -> ask.clusterName(cluster).fargateProfileName(name)))
        .map(answer -> of(answer.fargateProfile()));
  }

  private static FargateProfile of(
      software.amazon.awssdk.services.eks.model.FargateProfile profile) {
    return new FargateProfile(
        SdkNulls.text(profile.fargateProfileName()),
        SdkNulls.text(profile.statusAsString()),
        Optional.ofNullable(profile.createdAt()).orElse(Instant.EPOCH),
        profile.subnets(),
        profile.selectors().stream()
            .map(
                selector ->
                    new FargateProfile.Selector(
                        SdkNulls.text(selector.namespace()), selector.labels()))
            .toList());
  }
}
