package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The requests to the API server and the number of its watches, with few and many agents. */
@Timeout(120)
class KubeRequestCountTest {
  private static final List<String> KINDS =
      List.of(
          "/api/v1/pods",
          "/api/v1/nodes",
          "/api/v1/services",
          "/api/v1/events",
          "/api/v1/namespaces",
          "/apis/discovery.k8s.io/v1/endpointslices",
          "/apis/networking.k8s.io/v1/ingresses",
          "/apis/networking.k8s.io/v1/ingressclasses",
          "/apis/networking.k8s.io/v1/networkpolicies",
          "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
          "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
          "/apis/apiregistration.k8s.io/v1/apiservices",
          "/apis/apps/v1/deployments",
          "/apis/apps/v1/daemonsets");

  /** By path, and of all watches together. */
  private record Cost(Map<String, Integer> asked, int watches) {}

  @Test
  void needsAsManyRequestsForAThousandAgentsAsForTen() {
    var few = costOf(10);

    assertThat(costOf(1_000)).isEqualTo(few);
    assertThat(few.watches()).isEqualTo(KINDS.size());
    assertThat(few.asked().values()).as("one list").containsOnly(1);
  }

  private static Cost costOf(int agents) {
    try (var api = new FaultyApi()) {
      KINDS.forEach(api::serve);
      for (var n = 0; n < agents; n++) {
        put(api, n);
      }
      try (var bench = new KubeBench(api.url(), KubeBench.QUICK)) {
        bench.await(Resources.AGENTS, (AgentFleet fleet) -> fleet.agents().size() == agents);
        bench.until("all watches", () -> api.standing() >= KINDS.size());
        var asked = new TreeMap<String, Integer>();
        KINDS.forEach(path -> asked.put(path, api.listCount(path)));
        return new Cost(asked, api.standing());
      }
    }
  }

  private static void put(FaultyApi api, int number) {
    var node = "node-" + number;
    api.put(
        "/api/v1/nodes",
        "",
        node,
        new JsonObject().put("apiVersion", "v1").put("kind", "Node").put("spec", new JsonObject()));
    var labels =
        new JsonObject()
            .put("app.kubernetes.io/name", "eksnet")
            .put("app.kubernetes.io/component", "agent");
    api.put(
        "/api/v1/pods",
        "eksnet",
        "agent-" + number,
        new JsonObject()
            .put("apiVersion", "v1")
            .put("kind", "Pod")
            .put("metadata", new JsonObject().put("labels", labels))
            .put("spec", new JsonObject().put("nodeName", node).put("containers", new JsonArray()))
            .put("status", new JsonObject().put("phase", "Running").put("podIP", "10.0.0.1")));
  }
}
