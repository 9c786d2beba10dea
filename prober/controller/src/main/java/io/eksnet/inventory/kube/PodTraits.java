package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.policy.PodGroup.NamedPort;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The labels and container ports of pods, by which NetworkPolicies select them, in one text: pods
 * of one template have the same, so that it is in memory once.
 */
final class PodTraits {
  private static final int MAX_CHARACTERS = 8_000;
  private static final String PORTS = "\nports\n";

  private PodTraits() {}

  /** The interned text; empty if it is too long to keep. */
  static Optional<String> of(Pod pod) {
    var labels =
        new TreeMap<>(KubeObjects.labels(pod))
            .entrySet().stream()
                .map(label -> label.getKey() + "=" + text(label.getValue()))
                .collect(Collectors.joining("\n"));
    var ports =
        list(pod.getSpec().getContainers()).stream()
            .flatMap(container -> list(container.getPorts()).stream())
            .filter(port -> port.getContainerPort() != null)
            .map(PodTraits::port)
            .collect(Collectors.joining("\n"));
    return Optional.of(labels + PORTS + ports)
        .filter(traits -> traits.length() <= MAX_CHARACTERS)
        .map(String::intern);
  }

  private static String port(ContainerPort port) {
    var protocol = text(port.getProtocol());
    return "%d/%s/%s"
        .formatted(
            port.getContainerPort(), protocol.isEmpty() ? "TCP" : protocol, text(port.getName()));
  }

  static Map<String, String> labels(String traits) {
    return lines(traits.substring(0, traits.indexOf(PORTS)))
        .collect(
            Collectors.toUnmodifiableMap(
                line -> line.substring(0, line.indexOf('=')),
                line -> line.substring(line.indexOf('=') + 1)));
  }

  static List<NamedPort> ports(String traits) {
    return lines(traits.substring(traits.indexOf(PORTS) + PORTS.length()))
        .map(line -> line.split("/", -1))
        .map(fields -> new NamedPort(fields[2], fields[1], Integer.parseInt(fields[0])))
        .toList();
  }

  private static Stream<String> lines(String text) {
    return text.lines().filter(line -> !line.isEmpty());
  }
}
