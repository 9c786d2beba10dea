package io.eksnet.plan;

import io.eksnet.agent.plan.Assignment.Annotated;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.agent.plan.PlanValidation;
import io.eksnet.agent.plan.ProbeEndpoint;
import io.eksnet.config.Suites;
import io.eksnet.model.inventory.Annotation;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayRoute;
import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The probes that annotations ask for, from a few agents of each zone: what users annotate is one
 * application, which a thousand agents would only burden. One that is scaled to zero is not probed.
 */
record AnnotatedProbes(
    Suites suites,
    Inventory inventory,
    ScaledToZeroServices scaledToZero,
    AgentSet fleet,
    PlanBuilder draft) {
  private static final int MAX_PROBES = 200;

  /** A probe and the agents that may run it. */
  private record Planned(Annotated probe, AgentSet agents) {
    String name() {
      return probe.name();
    }
  }

  void plan() {
    var probes = new ArrayList<Planned>();
    for (var service : inventory.list(Resources.SERVICES)) {
      of(service).ifPresent(probe -> probes.add(new Planned(probe, fleet.thatReach(service))));
    }
    for (var ingress : inventory.list(Resources.INGRESSES)) {
      of(ingress).ifPresent(probe -> probes.add(new Planned(probe, fleet)));
    }
    for (var gateway : inventory.list(Resources.GATEWAYS)) {
      of(gateway).ifPresent(probe -> probes.add(new Planned(probe, fleet)));
    }
    for (var route : inventory.list(Resources.GATEWAY_ROUTES)) {
      of(route).ifPresent(probe -> probes.add(new Planned(probe, fleet)));
    }
    probes.sort(Comparator.comparing(Planned::name));
    var kept = draft.first(MAX_PROBES, probes, Suite.ANNOTATED);
    kept.forEach(this::give);
    probes.subList(kept.size(), probes.size()).forEach(this::reportOverLimit);
  }

  private void reportOverLimit(Planned probe) {
    draft.report(
        new ValidationError(
            probe.name(),
            Annotation.PROBE.key(),
            "is over the limit of %d annotated objects in a cluster".formatted(MAX_PROBES),
            "remove the annotation from other objects"));
  }

  private void give(Planned planned) {
    draft.give(
        planned.agents().ofEachZone(planned.name(), suites.lb().agentsPerZone(), Set.of()),
        planned.probe());
  }

  private Optional<Annotated> of(KubeService service) {
    var object = "service/" + ServiceCalls.name(service);
    var asked = ProbeAnnotations.of(object, service.annotations());
    asked.objections().forEach(draft::report);
    if (asked.protocol().isEmpty() || !asked.good()) {
      return Optional.empty();
    }
    var port = ServicePorts.of(service, asked.port());
    if (port.isEmpty()) {
      draft.report(ServiceCalls.noPort(object, service, asked));
      return Optional.empty();
    }
    return host(service)
        .filter(host -> !scaledToZero.has(service))
        .flatMap(
            host -> probe(object, asked, host, port.get().port(), suites.service().interval()));
  }

  /** By its name, or where the cluster's domain is not known by its cluster IP. */
  private Optional<String> host(KubeService service) {
    return suites
        .dns()
        .clusterDomain()
        .map(domain -> service.name() + "." + service.namespace() + ".svc." + bare(domain))
        .or(() -> Optional.of(ServiceCalls.clusterIp(service)).filter(ip -> !ip.isEmpty()));
  }

  /** An Ingress that has neither a host nor an address yet has nothing to be probed. */
  private Optional<Annotated> of(KubeIngress ingress) {
    var object = "ingress/" + ingress.namespace() + "/" + ingress.name();
    var asked = ProbeAnnotations.of(object, ingress.annotations());
    asked.objections().forEach(draft::report);
    if (asked.protocol().isEmpty() || !asked.good()) {
      return Optional.empty();
    }
    var port = port(asked, ingress);
    if (port.isEmpty()) {
      draft.report(
          new ValidationError(
              object,
              Annotation.PORT.key(),
              "is " + PlanValidation.quoted(asked.port().orElse("")),
              "give the number of the load balancer's port"));
      return Optional.empty();
    }
    return hosts(ingress, asked)
        .findFirst()
        .flatMap(host -> probe(object, asked, host, port.get(), suites.lb().interval()));
  }

  /** Those that expect a response; the load balancer alone accepts connections. */
  private Stream<String> hosts(KubeIngress ingress, ProbeAnnotations asked) {
    var rules = HttpRules.of(ingress, Set.of());
    var path = Optional.of(asked.path().orElse("/"));
    Predicate<String> answers =
        host ->
            !asked.isHttp()
                || ingress.rules().isEmpty()
                || rules.request(host, path, scaledToZero).isPresent();
    return Stream.concat(
        ingress.rules().stream()
            .map(IngressRule::host)
            .filter(host -> !host.isEmpty())
            .map(HttpRules::concrete)
            .filter(answers),
        ingress.addresses().stream().filter(address -> answers.test("")));
  }

  private static Optional<Integer> port(ProbeAnnotations asked, KubeIngress ingress) {
    if (asked.port().isPresent()) {
      return asked.port().filter(port -> port.matches("\\d{1,5}")).map(Integer::valueOf);
    }
    var secure =
        switch (asked.protocol().orElse("")) {
          case "https", "tls", "grpcs" -> true;
          case "http", "grpc" -> false;
          default -> ingress.tls();
        };
    return Optional.of(secure ? 443 : 80);
  }

  private Optional<Annotated> of(Gateway gateway) {
    var routes =
        inventory.list(Resources.GATEWAY_ROUTES).stream()
            .filter(route -> route.attachments(gateway).findAny().isPresent())
            .toList();
    return of(
        "gateway/" + gateway.fullName(),
        gateway.annotations(),
        GatewayEndpoint.of(gateway),
        (endpoint, asked) -> hasRunningBackend(routes));
  }

  private Optional<Annotated> of(GatewayRoute route) {
    var gateways = inventory.list(Resources.GATEWAYS);
    var rules = HttpRules.of(route, gateways);
    return of(
        route.object(),
        route.annotations(),
        GatewayEndpoint.of(route, gateways),
        (endpoint, asked) ->
            (asked.isHttp() && !rules.rules().isEmpty())
                ? rules
                    .request(
                        endpoint.name(),
                        endpoint.listener().port(),
                        Optional.of(asked.path().orElse("/")),
                        scaledToZero)
                    .isPresent()
                : hasRunningBackend(List.of(route)));
  }

  /**
   * At the first endpoint that fits. An object without an endpoint, such as a route that no Gateway
   * admits, has nothing to be probed.
   *
   * @param responds whether an application behind an endpoint can respond
   */
  private Optional<Annotated> of(
      String object,
      Map<String, String> annotations,
      List<GatewayEndpoint> endpoints,
      BiPredicate<GatewayEndpoint, ProbeAnnotations> responds) {
    var asked = ProbeAnnotations.of(object, annotations);
    asked.objections().forEach(draft::report);
    if (asked.protocol().isEmpty() || !asked.good() || endpoints.isEmpty()) {
      return Optional.empty();
    }
    var protocol = asked.protocol().get();
    var fitting =
        endpoints.stream()
            .filter(
                endpoint -> asked.port().map(endpoint::hasPort).orElse(endpoint.serves(protocol)))
            .toList();
    if (fitting.isEmpty()) {
      draft.report(noListener(object, asked, endpoints));
    }
    var application = asked.isHttp() || protocol.startsWith("grpc");
    return fitting.stream()
        .filter(endpoint -> !application || responds.test(endpoint, asked))
        .findFirst()
        .flatMap(
            endpoint ->
                probe(
                    object,
                    asked,
                    endpoint.host(),
                    endpoint.listener().port(),
                    suites.lb().interval()));
  }

  private static ValidationError noListener(
      String object, ProbeAnnotations asked, List<GatewayEndpoint> endpoints) {
    var listeners =
        endpoints.stream()
            .map(GatewayEndpoint::listener)
            .map(
                listener ->
                    "%s (%s %d)".formatted(listener.name(), listener.protocol(), listener.port()))
            .distinct()
            .collect(Collectors.joining(", "));
    return new ValidationError(
        object,
        asked.port().isPresent() ? Annotation.PORT.key() : Annotation.PROBE.key(),
        "is %s, which no listener of its Gateways has"
            .formatted(PlanValidation.quoted(asked.port().or(asked::protocol).orElse(""))),
        "set " + Annotation.PORT.key() + " to the name or number of one of " + listeners);
  }

  private boolean hasRunningBackend(List<GatewayRoute> routes) {
    var backends =
        routes.stream()
            .flatMap(route -> route.rules().stream())
            .flatMap(rule -> rule.backends().stream())
            .map(HttpRules::backend)
            .toList();
    return backends.isEmpty() || !backends.stream().allMatch(scaledToZero::has);
  }

  private Optional<Annotated> probe(
      String object, ProbeAnnotations asked, String host, int port, Duration usual) {
    var protocol = asked.protocol().orElse("tcp");
    var path = asked.isHttp() ? asked.path().orElse("/") : "";
    return draft.allowed(
        object,
        Annotation.PROBE.key(),
        () -> {
          var place = new ProbeEndpoint(protocol, host, port, path);
          return new Annotated(
              object,
              place.kind(),
              place.target(),
              asked.interval().orElse(usual),
              asked.statuses(),
              asked.labels());
        });
  }

  private static String bare(String domain) {
    return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
  }
}
