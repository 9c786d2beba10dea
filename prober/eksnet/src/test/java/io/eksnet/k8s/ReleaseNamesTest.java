package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of the objects of several releases in one cluster. */
class ReleaseNamesTest {
  private static final Set<String> CLUSTER_SCOPED =
      Set.of("ClusterRole", "ClusterRoleBinding", "PriorityClass");

  @ParameterizedTest
  @CsvSource({
    "eksnet, eksnet, eksnet-agent, eksnet-eksnet-controller",
    "prober, net, prober-eksnet-agent, prober-eksnet-net-controller",
  })
  void namesContainTheReleaseAndOutsideItsNamespaceTheNamespace(
      String release, String namespace, String agent, String role) {
    var objects = render(release, namespace);

    assertThat(objects)
        .extracting(Manifest::toString)
        .contains("DaemonSet/" + agent, "ClusterRole/" + role, "ClusterRoleBinding/" + role)
        .contains("Service/eksnet-controller");
  }

  @ParameterizedTest
  @CsvSource({"eksnet, a, eksnet, b", "one, a, two, b"})
  void releasesOfTwoNamespacesShareNoObject(
      String release, String namespace, String otherRelease, String otherNamespace) {
    var shared = places(render(release, namespace));
    shared.retainAll(places(render(otherRelease, otherNamespace)));

    assertThat(shared).isEmpty();
  }

  @Test
  void bindingsReferToTheRolesOfTheirRelease() {
    var objects = render("prober", "net");

    for (var binding : objects) {
      if (binding.kind().endsWith("RoleBinding")) {
        var role =
            binding.at("/roleRef/kind").asText() + "/" + binding.at("/roleRef/name").asText();
        assertThat(objects).extracting(Manifest::toString).contains(role);
        assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo("net");
        assertThat(objects)
            .extracting(Manifest::toString)
            .contains("ServiceAccount/" + binding.at("/subjects/0/name").asText());
      }
    }
  }

  private static List<Manifest> render(String release, String namespace) {
    var run =
        Helm.run(
            Map.of(),
            "template",
            release,
            Helm.CHART.toString(),
            "--namespace=" + namespace,
            "--values=" + Helm.CHART.resolve("ci/plain-eks-values.yaml"),
            "--set=dashboards.namespace=monitoring");
    return Helm.parse(run.text());
  }

  /** Kind, namespace and name of each object, which identify it. */
  private static Set<String> places(List<Manifest> objects) {
    var places = new HashSet<String>();
    for (var object : objects) {
      var namespace = object.at("/metadata/namespace").asText();
      assertThat(namespace.isEmpty()).isEqualTo(CLUSTER_SCOPED.contains(object.kind()));
      places.add(namespace + "/" + object);
    }
    return places;
  }
}
