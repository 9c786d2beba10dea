package io.eksnet.lab.aws;

import io.eksnet.lab.cluster.Addon;
import io.eksnet.lab.cluster.Cluster;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.ClusterVersion;
import io.eksnet.lab.cluster.FargateProfile;
import io.eksnet.lab.cluster.Insight;
import io.eksnet.lab.cluster.Issue;
import io.eksnet.lab.cluster.Item;
import io.eksnet.lab.cluster.Nodegroup;
import io.eksnet.lab.cluster.PodIdentity;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** EKS's actions as REST and JSON. */
final class Eks {
  private static final int PAGE = 100;

  private final Call call;
  private final ClusterState state;
  private final Cluster cluster;

  Eks(Call call) {
    this.call = call;
    this.state = call.state();
    this.cluster = state.only(Cluster.class);
  }

  /** The action that a method and a path stand for, with what stands in the path. */
  static Map<String, String> route(String method, String path) {
    var parts = path.split("/", -1);
    var action = action(method, parts);
    return Map.of(
        "Action", action, "cluster", part(parts, 2), "name", part(parts, 4), "path", path);
  }

  private static String part(String[] parts, int i) {
    return parts.length > i ? parts[i] : "";
  }

  private static String action(String method, String[] parts) {
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
      case "node-groups" -> list ? "ListNodegroups" : "DescribeNodegroup";
      case "pod-identity-associations" ->
          list ? "ListPodIdentityAssociations" : "DescribePodIdentityAssociation";
      case "insights" -> list && method.equals("POST") ? "ListInsights" : "";
      default -> "";
    };
  }

  /** The answer to the call. */
  String answer() {
    if (!call.name().equals("DescribeClusterVersions")
        && !call.get("cluster").equals(cluster.name())) {
      throw notFound("No cluster found for name: " + call.get("cluster") + ".");
    }
    return json().encode();
  }

  private JsonObject json() {
    return switch (call.name()) {
      case "DescribeCluster" -> new JsonObject().put("cluster", cluster());
      case "ListAddons" -> names("addons", Addon.class, Addon::name);
      case "DescribeAddon" -> new JsonObject().put("addon", addon(one(Addon.class, "addon")));
      case "ListFargateProfiles" ->
          names("fargateProfileNames", FargateProfile.class, FargateProfile::name);
      case "DescribeFargateProfile" ->
          new JsonObject().put("fargateProfile", profile(one(FargateProfile.class, "profile")));
      case "ListNodegroups" -> names("nodegroups", Nodegroup.class, Nodegroup::name);
      case "DescribeNodegroup" ->
          new JsonObject().put("nodegroup", nodegroup(one(Nodegroup.class, "node group")));
      case "ListPodIdentityAssociations" -> identities();
      case "DescribePodIdentityAssociation" ->
          new JsonObject()
              .put("association", identity(one(PodIdentity.class, "pod identity association")));
      case "DescribeClusterVersions" ->
          page("clusterVersions", state.all(ClusterVersion.class), Eks::version);
      case "ListInsights" -> page("insights", state.all(Insight.class), this::insight);
      default -> throw AwsApi.unknown(call.name());
    };
  }

  private JsonObject cluster() {
    return new JsonObject()
        .put("name", cluster.name())
        .put("arn", cluster.arn())
        .put("createdAt", seconds(cluster.created()))
        .put("version", cluster.version())
        .put("status", cluster.status())
        .put("platformVersion", "eks.1")
        .put(
            "resourcesVpcConfig",
            new JsonObject()
                .put("subnetIds", array(cluster.subnetIds()))
                .put("securityGroupIds", new JsonArray())
                .put("clusterSecurityGroupId", cluster.securityGroupId())
                .put("vpcId", cluster.vpcId()))
        .put(
            "kubernetesNetworkConfig",
            new JsonObject().put("serviceIpv4Cidr", cluster.serviceCidr()).put("ipFamily", "ipv4"))
        .put("computeConfig", new JsonObject().put("enabled", cluster.autoMode()))
        .put("upgradePolicy", new JsonObject().put("supportType", cluster.supportType()))
        .put("health", health(cluster.issues()))
        .put("tags", new JsonObject());
  }

  private JsonObject addon(Addon addon) {
    return new JsonObject()
        .put("addonName", addon.name())
        .put("clusterName", cluster.name())
        .put("status", addon.status())
        .put("addonVersion", addon.version())
        .put("addonArn", arn("addon", addon.name()))
        .put("health", health(addon.issues()));
  }

  private JsonObject profile(FargateProfile profile) {
    var selectors = new JsonArray();
    profile
        .selectors()
        .forEach(
            selector ->
                selectors.add(
                    new JsonObject()
                        .put("namespace", selector.namespace())
                        .put("labels", new JsonObject(Map.copyOf(selector.labels())))));
    return new JsonObject()
        .put("fargateProfileName", profile.name())
        .put("fargateProfileArn", arn("fargateprofile", profile.name()))
        .put("clusterName", cluster.name())
        .put("createdAt", seconds(profile.created()))
        .put("subnets", array(profile.subnetIds()))
        .put("selectors", selectors)
        .put("status", profile.status());
  }

  private JsonObject nodegroup(Nodegroup group) {
    return new JsonObject()
        .put("nodegroupName", group.name())
        .put("nodegroupArn", arn("nodegroup", group.name()))
        .put("clusterName", cluster.name())
        .put("status", group.status())
        .put("subnets", array(group.subnetIds()))
        .put("health", health(group.issues()));
  }

  private JsonObject identities() {
    var namespace = call.get("namespace");
    var account = call.get("serviceAccount");
    var kept =
        state.all(PodIdentity.class).stream()
            .filter(one -> namespace.isEmpty() || one.namespace().equals(namespace))
            .filter(one -> account.isEmpty() || one.serviceAccount().equals(account))
            .toList();
    return page("associations", kept, this::summary);
  }

  private JsonObject summary(PodIdentity identity) {
    return new JsonObject()
        .put("clusterName", cluster.name())
        .put("namespace", identity.namespace())
        .put("serviceAccount", identity.serviceAccount())
        .put("associationArn", arn("podidentityassociation", identity.id()))
        .put("associationId", identity.id());
  }

  private JsonObject identity(PodIdentity identity) {
    return summary(identity).put("roleArn", identity.roleArn());
  }

  private static JsonObject version(ClusterVersion version) {
    return new JsonObject()
        .put("clusterVersion", version.version())
        .put("clusterType", "eks")
        .put("versionStatus", version.status())
        .put("releaseDate", seconds(version.released()))
        .put("endOfStandardSupportDate", seconds(version.standardEnd()))
        .put("endOfExtendedSupportDate", seconds(version.extendedEnd()));
  }

  private JsonObject insight(Insight insight) {
    return new JsonObject()
        .put("id", insight.id())
        .put("name", insight.name())
        .put("category", insight.category())
        .put("kubernetesVersion", cluster.version())
        .put(
            "insightStatus",
            new JsonObject().put("status", insight.status()).put("reason", insight.reason()));
  }

  private <T extends Item> T one(Class<T> type, String what) {
    return state
        .find(type, call.get("name"))
        .orElseThrow(() -> notFound("No " + what + ": " + call.get("name") + " found in cluster."));
  }

  private <T extends Item> JsonObject names(String list, Class<T> type, Function<T, String> name) {
    return page(list, state.all(type), name::apply);
  }

  private <T> JsonObject page(String list, List<T> all, Function<T, Object> each) {
    var page = call.cut("nextToken", "maxResults", PAGE).of(all).map(each);
    var json = new JsonObject().put(list, array(page.items()));
    return page.next().isEmpty() ? json : json.put("nextToken", page.next());
  }

  private static JsonObject health(List<Issue> issues) {
    var all = new JsonArray();
    issues.forEach(
        issue ->
            all.add(new JsonObject().put("code", issue.code()).put("message", issue.message())));
    return new JsonObject().put("issues", all);
  }

  private String arn(String what, String name) {
    return cluster.arn().replace(":cluster/", ":" + what + "/") + "/" + name;
  }

  private static JsonArray array(Collection<?> all) {
    return new JsonArray(List.copyOf(all));
  }

  private static double seconds(Instant at) {
    return at.toEpochMilli() / 1000.0;
  }

  private static AwsError notFound(String message) {
    return new AwsError(404, "ResourceNotFoundException", message);
  }
}
