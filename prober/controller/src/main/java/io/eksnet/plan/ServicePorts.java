package io.eksnet.plan;

import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.ServicePort;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which port of a Service is called, and how it is spoken to. */
final class ServicePorts {
  private ServicePorts() {}

  /** The port of that number or name; without one the first of TCP. */
  static Optional<ServicePort> of(KubeService service, Optional<String> wanted) {
    return tcp(service).stream()
        .filter(
            port ->
                wanted.isEmpty()
                    || wanted.get().equals(port.name())
                    || wanted.get().equals(Integer.toString(port.port())))
        .findFirst();
  }

  /** The protocol that the Service declares for the port: its application protocol, or its name. */
  static String protocol(ServicePort port) {
    var said = port.appProtocol().isEmpty() ? port.name() : port.appProtocol();
    if (said.equals("https") || said.startsWith("https-")) {
      return "https";
    }
    return said.equals("http") || said.startsWith("http-") ? "http" : "tcp";
  }

  /** The ports of TCP for a message. */
  static String text(KubeService service) {
    var ports = tcp(service);
    return ports.isEmpty()
        ? "it has only others"
        : ports.stream()
            .map(port -> port.port() + (port.name().isEmpty() ? "" : " (" + port.name() + ")"))
            .collect(Collectors.joining(", ", "it has ", ""));
  }

  private static List<ServicePort> tcp(KubeService service) {
    return service.ports().stream().filter(port -> port.protocol().equals("TCP")).toList();
  }
}
