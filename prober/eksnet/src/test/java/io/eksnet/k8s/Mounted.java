package io.eksnet.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.eksnet.cli.CommandLineCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A container's files in a directory of this machine, as the kubelet would mount them. */
final class Mounted {
  private static final String SECRET = "a secret of a test, long enough";
  private static final Map<String, String> DOWNWARD =
      Map.of(
          "spec.nodeName", "ip-10-0-1-7.eu-central-1.compute.internal",
          "status.hostIP", "10.0.1.7",
          "metadata.name", "eksnet-agent-x7k2p",
          "metadata.namespace", "eksnet",
          "status.podIP", "10.0.0.7");

  private final Path root;
  private final List<Manifest> objects;
  private final JsonNode spec;
  private final JsonNode container;

  Mounted(Path root, List<Manifest> objects, JsonNode pod) throws IOException {
    this.root = root;
    this.objects = objects;
    spec = pod.path("spec");
    container = spec.path("containers").get(0);
    for (var mount : container.path("volumeMounts")) {
      mount(mount);
    }
  }

  /** What the program complains of when it is started so. */
  String complaints() {
    var arguments =
        Manifest.items(container.path("args"))
            .map(JsonNode::asText)
            .filter(argument -> !argument.equals("--config.check"))
            .map(argument -> argument.replace("=/etc/", "=" + root + "/etc/"))
            .toList();
    return CommandLineCheck.complaints(environment(), arguments);
  }

  /** Its variables, with those of the downward API. */
  Map<String, String> environment() {
    var environment = new TreeMap<String, String>();
    for (var variable : container.path("env")) {
      var field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
      environment.put(
          variable.path("name").asText(),
          variable.has("value") ? variable.path("value").asText() : DOWNWARD.get(field));
    }
    return environment;
  }

  private void mount(JsonNode mount) throws IOException {
    var name = mount.path("name").asText();
    var volume =
        Manifest.items(spec.path("volumes"))
            .filter(one -> one.path("name").asText().equals(name))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no volume " + name));
    var directory = root.resolve("." + mount.path("mountPath").asText());
    Files.createDirectories(directory);
    configMap(directory, volume.at("/configMap/name").asText());
    if (volume.has("secret")) {
      secret(directory);
    }
    for (var source : volume.at("/projected/sources")) {
      configMap(directory, source.at("/configMap/name").asText());
      for (var item : source.at("/secret/items")) {
        Files.writeString(directory.resolve(item.path("path").asText()), SECRET);
      }
    }
  }

  private void configMap(Path directory, String name) throws IOException {
    for (var object : objects) {
      if (object.kind().equals("ConfigMap") && object.name().equals(name)) {
        for (var entry : Manifest.map(object.at("/data")).entrySet()) {
          Files.writeString(directory.resolve(entry.getKey()), fromHere(entry.getValue()));
        }
      }
    }
  }

  private String fromHere(String config) {
    return config.replace(": /etc/", ": " + root + "/etc/");
  }

  /** One of the user's, which the chart does not know: what web.configSecret is meant to hold. */
  private static void secret(Path directory) throws IOException {
    Files.writeString(directory.resolve("web.yaml"), "http_server_config: {http2: true}\n");
    Files.writeString(directory.resolve("ca.pem"), "");
  }
}
