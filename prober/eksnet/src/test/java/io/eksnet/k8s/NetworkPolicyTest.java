package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Permitted ingress and egress of the chart's pods. */
class NetworkPolicyTest {
  private static final Path PLAIN = Helm.CHART.resolve("ci/plain-eks-values.yaml");

  @Test
  void policiesAllowOnlyAgentsAndControllers() {
    var objects =
        Helm.objects(
            PLAIN,
            "--set",
            "fargate.enabled=true,networkPolicy.enabled=true,networkPolicy.from=null");
    var egress = policy(objects, "eksnet-controller").at("/spec/egress");

    for (var name : List.of("eksnet-agent", "eksnet-controller")) {
      var policy = policy(objects, name);
      var ingress = policy.at("/spec/ingress");
      assertThat(ingress.size()).isOne();
      assertThat(ingress.at("/0/from").size()).isOne();
      assertThat(ingress.at("/0/from/0/namespaceSelector").isMissingNode()).isTrue();
      assertThat(ingress.at("/0/ports").toString())
          .isEqualTo("[{\"port\":\"metrics\",\"protocol\":\"TCP\"}]");
      assertThat(found(objects, ingress.at("/0/from/0/podSelector/matchLabels")))
          .containsExactlyInAnyOrder(
              "eksnet-agent",
              "eksnet-agent-fargate",
              "eksnet-config-check",
              "eksnet-controller",
              "eksnet-test");
    }
    assertThat(found(objects, egress.at("/1/to/0/podSelector/matchLabels")))
        .containsExactlyInAnyOrder("eksnet-agent", "eksnet-agent-fargate");
    assertThat(found(objects, egress.at("/2/to/0/podSelector/matchLabels")))
        .containsExactly("eksnet-controller");
    assertThat(policy(objects, "eksnet-agent").at("/spec/policyTypes").toString())
        .isEqualTo("[\"Ingress\"]");
  }

  private static Stream<String> found(List<Manifest> objects, JsonNode labels) {
    var wanted = Manifest.map(labels).entrySet();
    return objects.stream()
        .filter(object -> object.pod().isPresent() && !wanted.isEmpty())
        .filter(object -> labelsOfPods(object).entrySet().containsAll(wanted))
        .map(Manifest::name);
  }

  private static Map<String, String> labelsOfPods(Manifest object) {
    return Manifest.map(object.pod().orElseThrow().at("/metadata/labels"));
  }

  private static Manifest policy(List<Manifest> objects, String name) {
    return objects.stream()
        .filter(object -> object.toString().equals("NetworkPolicy/" + name))
        .findFirst()
        .orElseThrow();
  }
}
