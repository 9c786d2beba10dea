package io.eksnet.lab.aws;

import static io.eksnet.lab.cluster.WireFields.fields;

import io.eksnet.lab.cluster.AwsResource;
import io.eksnet.lab.cluster.AwsResource.Addon;
import io.eksnet.lab.cluster.AwsResource.Cluster;
import io.eksnet.lab.cluster.AwsResource.ClusterVersion;
import io.eksnet.lab.cluster.AwsResource.FargateProfile;
import io.eksnet.lab.cluster.AwsResource.Issue;
import io.eksnet.lab.cluster.AwsResource.PodIdentity;
import io.eksnet.lab.cluster.ClusterState;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The actions of EKS as REST and JSON. */
final class EksApi {
  private static final int DEFAULT_PAGE_SIZE = 100;

  private final AwsCall call;
  private final ClusterState state;
  private final Cluster cluster;

  EksApi(AwsCall call) {
    this.call = call;
    this.state = call.state();
    this.cluster = state.only(Cluster.class);
  }

  /** The action and the parameters of a path. */
  static Map<String, String> route(String path) {
    var parts = path.split("/", -1);
    return Map.of("Action", action(parts), "cluster", part(parts, 2), "name", part(parts, 4));
  }

  private static String part(String[] parts, int i) {
    return parts.length > i ? parts[i] : "";
  }

  private static String action(String[] parts) {
    if (part(parts, 1).equals("cluster-versions")) {
      return "DescribeClusterVersions";
    }
    if (!part(parts, 1).equals("clusters")) {
      return "";
    }
    boolean list = parts.length == 4;
    return switch (part(parts, 3)) {
      case "" -> parts.length == 3 ? "DescribeCluster" : "";
      case "addons" -> list ? "ListAddons" : "DescribeAddon";
      case "fargate-profiles" -> list ? "ListFargateProfiles" : "DescribeFargateProfile";
      case "pod-identity-associations" -> list ? "ListPodIdentityAssociations" : "";
      default -> "";
    };
  }

  String respond() {
    if (!call.name().equals("DescribeClusterVersions")
        && !call.get("cluster").equals(cluster.name())) {
      throw notFound("No cluster found for name: " + call.get("cluster") + ".");
    }
    return new JsonObject(result()).encode();
  }

  private Map<String, Object> result() {
    return switch (call.name()) {
      case "DescribeCluster" -> fields("cluster", cluster());
      case "ListAddons" -> page("addons", state.all(Addon.class), Addon::name);
      case "DescribeAddon" -> fields("addon", addon(find(Addon.class, "addon")));
      case "ListFargateProfiles" ->
          page("fargateProfileNames", state.all(FargateProfile.class), FargateProfile::name);
      case "DescribeFargateProfile" ->
          fields("fargateProfile", profile(find(FargateProfile.class, "profile")));
      case "ListPodIdentityAssociations" ->
          page("associations", podIdentities(), this::associationSummary);
      case "DescribeClusterVersions" ->
          page("clusterVersions", state.all(ClusterVersion.class), EksApi::version);
      default -> throw AwsError.invalidAction(call.name());
    };
  }

  private Map<String, Object> cluster() {
    return fields(
        "name", cluster.name(),
        "arn", cluster.arn(),
        "endpoint", "https://" + cluster.apiServer(),
        "createdAt", seconds(cluster.created()),
        "version", cluster.version(),
        "status", cluster.status(),
        "platformVersion", "eks.1",
        "resourcesVpcConfig",
            fields(
                "subnetIds", cluster.subnetIds(),
                "securityGroupIds", List.of(),
                "clusterSecurityGroupId", cluster.securityGroupId(),
                "vpcId", cluster.vpcId()),
        "kubernetesNetworkConfig",
            fields("serviceIpv4Cidr", cluster.serviceCidr(), "ipFamily", "ipv4"),
        "computeConfig", fields("enabled", cluster.autoMode()),
        "upgradePolicy", fields("supportType", cluster.supportType()),
        "health", health(cluster.issues()),
        "tags", Map.of());
  }

  private Map<String, Object> addon(Addon addon) {
    return fields(
        "addonName", addon.name(),
        "clusterName", cluster.name(),
        "status", addon.status(),
        "addonVersion", addon.version(),
        "addonArn", arn("addon", addon.name()),
        "health", health(addon.issues()));
  }

  private Map<String, Object> profile(FargateProfile profile) {
    return fields(
        "fargateProfileName", profile.name(),
        "fargateProfileArn", arn("fargateprofile", profile.name()),
        "clusterName", cluster.name(),
        "createdAt", seconds(profile.created()),
        "subnets", profile.subnetIds(),
        "selectors",
            profile.selectors().stream()
                .map(
                    selector ->
                        fields("namespace", selector.namespace(), "labels", selector.labels()))
                .toList(),
        "status", profile.status());
  }

  private List<PodIdentity> podIdentities() {
    var namespace = call.get("namespace");
    var account = call.get("serviceAccount");
    return state.all(PodIdentity.class).stream()
        .filter(identity -> namespace.isEmpty() || identity.namespace().equals(namespace))
        .filter(identity -> account.isEmpty() || identity.serviceAccount().equals(account))
        .toList();
  }

  private Map<String, Object> associationSummary(PodIdentity identity) {
    return fields(
        "clusterName", cluster.name(),
        "namespace", identity.namespace(),
        "serviceAccount", identity.serviceAccount(),
        "associationArn", arn("podidentityassociation", identity.id()),
        "associationId", identity.id());
  }

  private static Map<String, Object> version(ClusterVersion version) {
    return fields(
        "clusterVersion", version.version(),
        "clusterType", "eks",
        "versionStatus", version.status(),
        "releaseDate", seconds(version.released()),
        "endOfStandardSupportDate", seconds(version.standardEnd()),
        "endOfExtendedSupportDate", seconds(version.extendedEnd()));
  }

  private <T extends AwsResource> T find(Class<T> type, String what) {
    return state
        .find(type, call.get("name"))
        .orElseThrow(() -> notFound("No " + what + ": " + call.get("name") + " found in cluster."));
  }

  private <T> Map<String, Object> page(
      String name, List<T> all, Function<T, ? extends Object> content) {
    var page = call.page(all, "nextToken", "maxResults", DEFAULT_PAGE_SIZE);
    return fields(name, page.items().stream().map(content).toList(), "nextToken", page.nextToken());
  }

  private static Map<String, Object> health(List<Issue> issues) {
    return fields(
        "issues",
        issues.stream()
            .map(issue -> fields("code", issue.code(), "message", issue.message()))
            .toList());
  }

  private String arn(String type, String name) {
    return cluster.arn().replace(":cluster/", ":" + type + "/") + "/" + name;
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  private static AwsError notFound(String message) {
    return new AwsError(404, "ResourceNotFoundException", message);
  }
}
