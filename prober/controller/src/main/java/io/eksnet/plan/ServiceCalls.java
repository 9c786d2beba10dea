package io.eksnet.plan;

import io.eksnet.agent.plan.Assignment.ServiceCall;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.config.Suites;
import io.eksnet.model.inventory.Annotation;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Services that every agent calls: those of the settings, and those annotated with {@code
 * eksnet.io/probe}. Every agent, as a broken rule of kube-proxy is a matter of one node; with
 * {@code internalTrafficPolicy: Local}, only those on nodes with a ready endpoint. One that is
 * scaled to zero is not called until it is scaled up.
 */
record ServiceCalls(
    Suites suites,
    Inventory inventory,
    ScaledToZeroServices scaledToZero,
    AgentSet fleet,
    PlanBuilder draft) {
  private static final int MAX_SERVICES = 200;

  void plan() {
    var services =
        inventory.list(Resources.SERVICES).stream()
            .sorted(Comparator.comparing(ServiceCalls::name))
            .toList();
    var chosen = services.stream().filter(this::isChosen).toList();
    missing(chosen);
    draft.first(MAX_SERVICES, chosen, Suite.SERVICE).stream()
        .filter(service -> !scaledToZero.has(service))
        .forEach(
            service ->
                call(service)
                    .ifPresent(call -> draft.give(fleet.thatReach(service).agents(), call)));
  }

  static String name(KubeService service) {
    return service.namespace() + "/" + service.name();
  }

  private boolean isChosen(KubeService service) {
    return isNamed(service)
        || ProbeAnnotations.of("", service.annotations()).protocol().isPresent();
  }

  private boolean isNamed(KubeService service) {
    return suites.service().services().contains(name(service));
  }

  private void missing(List<KubeService> chosen) {
    var there = chosen.stream().map(ServiceCalls::name).toList();
    suites.service().services().stream()
        .filter(name -> !there.contains(name))
        .forEach(
            name ->
                draft.report(
                    new ValidationError(
                        "service/" + name,
                        "suites.service.services",
                        "there is no such Service",
                        "correct the name, or take it out of the settings")));
  }

  private Optional<ServiceCall> call(KubeService service) {
    var object = "service/" + name(service);
    var asked = ProbeAnnotations.of(object, service.annotations());
    asked.objections().forEach(draft::report);
    var port = ServicePorts.of(service, asked.port());
    if (port.isEmpty()) {
      draft.report(noPort(object, service, asked));
      return Optional.empty();
    }
    // The suite opens a connection where the health of a gRPC server is probed on its own.
    var protocol =
        asked
            .protocol()
            .map(annotated -> annotated.startsWith("grpc") ? "tcp" : annotated)
            .orElseGet(() -> ServicePorts.protocol(port.get()));
    var path = protocol.startsWith("http") ? asked.path().orElse("/") : "";
    return draft.allowed(
        object,
        "spec",
        () ->
            new ServiceCall(
                service.namespace(),
                service.name(),
                clusterIp(service),
                port.get().port(),
                protocol,
                path));
  }

  static ValidationError noPort(String object, KubeService service, ProbeAnnotations asked) {
    return new ValidationError(
        object,
        asked.port().isPresent() ? Annotation.PORT.key() : "spec.ports",
        "the Service has no port "
            + asked.port().orElse("of TCP")
            + "; "
            + ServicePorts.text(service),
        "name one of TCP in " + Annotation.PORT.key() + ", or probe another Service");
  }

  /** The first one, of the cluster's own family; empty if it has none. */
  static String clusterIp(KubeService service) {
    return Stream.concat(service.clusterIps().stream(), Stream.of(""))
        .filter(ip -> !ip.equals("None"))
        .findFirst()
        .orElse("");
  }
}
