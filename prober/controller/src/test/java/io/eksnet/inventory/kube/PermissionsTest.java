package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.Permission.Rbac;
import io.eksnet.inventory.kube.LeasePolicy.ClockReading;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.kube.KubeApi;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real clients against an API server that records their requests. */
@Timeout(120)
class PermissionsTest {
  private static final String OWN = "eksnet";
  private static final String AUTO_MODE_GROUP = "eks.amazonaws.com";

  /** Kinds of Auto Mode, and older versions of the Gateway API and of its configurations. */
  private static final int ABSENT = 6;

  private static final String LEASE = "eksnet-controller";
  private static final LabNetwork GROUND =
      new LabNetwork(10, 8080, 10053, 8000, 8081, 9853, 8443, 61_678, 8082, 6443);
  private static final Map<String, String> VERBS =
      Map.of("POST", "create", "PUT", "update", "PATCH", "patch", "DELETE", "delete");

  /** One request as the API server's authorizer sees it. */
  private record Asked(String verb, String group, String resource, String namespace, String name) {
    static Optional<Asked> of(String line) {
      var method = line.substring(0, line.indexOf(' '));
      var path = List.of(line.substring(line.indexOf("/") + 1).split("/"));
      if (!path.get(0).startsWith("api")) {
        return Optional.empty(); // such as /version, which is open to everybody
      }
      var group = path.get(0).equals("api") ? "" : path.get(1);
      var rest = path.subList(path.get(0).equals("api") ? 2 : 3, path.size());
      var inside = rest.get(0).equals("namespaces") && rest.size() > 2;
      var namespace = inside ? rest.get(1) : "";
      var object = inside ? rest.subList(2, rest.size()) : rest;
      var name = object.size() > 1 ? object.get(1) : "";
      return Optional.of(
          new Asked(
              verb(method, name), group, String.join("/", resource(object)), namespace, name));
    }

    private static List<String> resource(List<String> object) {
      return object.size() > 2 ? List.of(object.get(0), object.get(2)) : object.subList(0, 1);
    }

    private static String verb(String method, String name) {
      return switch (method) {
        case "WATCH" -> "watch";
        case "GET" -> name.isEmpty() ? "list" : "get";
        default -> VERBS.getOrDefault(method, method);
      };
    }

    boolean within(Rbac rule) {
      var where = rule.namespace().equals(".") ? OWN : rule.namespace();
      return rule.group().equals(group)
          && rule.resource().equals(resource)
          && rule.verbs().contains(verb)
          && (rule.names().isEmpty() || rule.names().contains(name))
          && (where.isEmpty() || where.equals(namespace));
    }
  }

  @Test
  void requestsMatchTheDeclaredPermissions() throws Exception {
    var rules = declared();
    var asked = askedOf(HealthyCluster.load(GROUND, Instant.now()));

    assertThat(asked)
        .as("what no rule permits")
        .allMatch(one -> rules.stream().anyMatch(one::within))
        .extracting(Asked::verb)
        .contains("get", "list", "watch", "create", "update");
    assertThat(rules)
        .as("verbs that nothing needs; kinds of Auto Mode are absent here")
        .allSatisfy(
            rule ->
                assertThat(rule.verbs())
                    .filteredOn(
                        verb -> !(verb.equals("watch") && rule.group().equals(AUTO_MODE_GROUP)))
                    .allMatch(
                        verb ->
                            asked.stream()
                                .anyMatch(one -> one.verb().equals(verb) && one.within(rule))));
  }

  @Test
  void detectsUndeclaredRequests() {
    var rules = declared();
    assertThat(
            Stream.of(
                "GET /api/v1/secrets",
                "GET /api/v1/namespaces/shop/secrets/token",
                "GET /api/v1/namespaces/kube-system/serviceaccounts",
                "GET /api/v1/namespaces/shop/serviceaccounts/default",
                "DELETE /api/v1/namespaces/shop/pods/web-0",
                "GET /api/v1/namespaces/shop/pods/web-0/log",
                "PUT /apis/coordination.k8s.io/v1/namespaces/eksnet/leases/another",
                "PUT /apis/coordination.k8s.io/v1/namespaces/shop/leases/eksnet-controller",
                "DELETE /apis/coordination.k8s.io/v1/namespaces/eksnet/leases/eksnet-controller"))
        .noneMatch(line -> rules.stream().anyMatch(Asked.of(line).orElseThrow()::within));
    assertThat(Asked.of("WATCH /api/v1/pods").orElseThrow())
        .isEqualTo(new Asked("watch", "", "pods", "", ""));
  }

  private static List<Rbac> declared() {
    return Stream.concat(
            KubeFacts.permissions().values().stream().flatMap(List::stream),
            LeaderElector.permissions(LEASE).stream())
        .map(Rbac.class::cast)
        .distinct()
        .toList();
  }

  private static List<Asked> askedOf(ClusterState state) throws Exception {
    try (var api = KubeApi.start(0, state)) {
      try (var bench = new KubeBench(api.url(), KubeBench.QUICK)) {
        elect(api);
        var present = bench.facts().watches().size() - ABSENT;
        bench.until("all watches and roles", () -> api.openWatches() >= present && roles(api));
      }
      return api.requestedPaths().stream().flatMap(line -> Asked.of(line).stream()).toList();
    }
  }

  private static boolean roles(KubeApi api) {
    return api.requestedPaths().stream().anyMatch(line -> line.contains("/serviceaccounts/"));
  }

  private static void elect(KubeApi api) throws InterruptedException {
    var leads = new CountDownLatch(1);
    var listener =
        new LeaderElector.Listener() {
          @Override
          public void onChange(boolean leader) {
            leads.countDown();
          }

          @Override
          public void onError(String reason) {}
        };
    try (var election =
        LeaderElector.start(
            Optional.of(api.url()),
            OWN,
            LEASE,
            LeasePolicy.of("a"),
            PermissionsTest::now,
            listener)) {
      assertThat(leads.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(election.isLeader()).isTrue();
    }
  }

  private static ClockReading now() {
    return new ClockReading(Instant.now(), System.nanoTime());
  }
}
