package io.eksnet.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The pod security standard {@code restricted}, and what eksnet asks of itself besides.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">the standard
 *     </a>
 */
final class PodSecurity {
  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "persistentVolumeClaim",
          "projected",
          "secret");

  private final JsonNode spec;
  private final List<String> broken = new ArrayList<>();

  private PodSecurity(JsonNode spec) {
    this.spec = spec;
  }

  /** What the pod breaks of it. */
  static List<String> broken(JsonNode pod) {
    var security = new PodSecurity(pod.path("spec"));
    security.pod();
    for (var list : List.of("containers", "initContainers", "ephemeralContainers")) {
      security.spec.path(list).forEach(security::container);
    }
    return security.broken;
  }

  private void pod() {
    for (var host : List.of("hostNetwork", "hostPID", "hostIPC")) {
      rule(!spec.path(host).asBoolean(), host);
    }
    spec.path("volumes")
        .forEach(
            volume ->
                volume
                    .fieldNames()
                    .forEachRemaining(
                        field -> rule(field.equals("name") || VOLUMES.contains(field), field)));
    rule(spec.path("containers").size() > 0, "no containers");
  }

  private void container(JsonNode container) {
    var own = container.path("securityContext");
    rule(own.path("allowPrivilegeEscalation").isBoolean(), "allowPrivilegeEscalation is not set");
    rule(!own.path("allowPrivilegeEscalation").asBoolean(true), "allowPrivilegeEscalation");
    rule(!own.path("privileged").asBoolean(), "privileged");
    rule(own.at("/capabilities/drop").toString().equals("[\"ALL\"]"), "capabilities.drop");
    rule(own.at("/capabilities/add").isEmpty(), "capabilities.add");
    rule(field(own, "runAsNonRoot").asBoolean(), "runAsNonRoot");
    rule(field(own, "runAsUser").asInt() > 0, "runAsUser");
    rule(
        Set.of("RuntimeDefault", "Localhost")
            .contains(field(own, "seccompProfile").path("type").asText()),
        "seccompProfile");
    rule(own.path("readOnlyRootFilesystem").asBoolean(), "readOnlyRootFilesystem");
    container.path("ports").forEach(port -> rule(!port.has("hostPort"), "hostPort"));
    resources(container.path("resources"));
  }

  private void resources(JsonNode resources) {
    var memory = resources.at("/limits/memory").asText();
    rule(!memory.isEmpty(), "limits.memory");
    rule(memory.equals(resources.at("/requests/memory").asText()), "requests.memory != limits");
    rule(!resources.at("/requests/cpu").asText().isEmpty(), "requests.cpu");
    rule(resources.at("/limits/cpu").isMissingNode(), "limits.cpu");
  }

  private JsonNode field(JsonNode own, String field) {
    return own.has(field) ? own.get(field) : spec.path("securityContext").path(field);
  }

  private void rule(boolean holds, String name) {
    if (!holds) {
      broken.add(name);
    }
  }
}
