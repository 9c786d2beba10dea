package io.eksnet.agent.plan;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.toMap;

import io.eksnet.agent.plan.Assignment.Annotated;
import io.eksnet.agent.plan.Assignment.DnsBackend;
import io.eksnet.agent.plan.Assignment.EndpointCall;
import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.Peer;
import io.eksnet.agent.plan.Assignment.ResourceProbe;
import io.eksnet.agent.plan.Assignment.ServiceCall;
import io.eksnet.agent.plan.Assignment.TargetCall;
import io.eksnet.config.ModuleSettings;
import io.eksnet.config.ProbeResourceSettings;
import io.eksnet.config.ProbeSettings;
import io.eksnet.config.Settings;
import io.eksnet.config.Suites;
import io.eksnet.model.AddressLiteral;
import io.eksnet.model.HostPort;
import io.eksnet.model.KindSpec;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.probe.ProbeKinds;
import io.eksnet.probe.dns.DnsSettings;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.TlsSettings;
import io.eksnet.probe.net.TlsSettingsBuilder;
import io.eksnet.probe.tls.TlsProbeSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The tasks of an agent that follow from its plan. What its own settings switch off stays off.
 *
 * <p>Queries carry names with their last dot, so that no search list is walked; Host and SNI carry
 * them without it.
 */
public final class AssignedTasks {
  /** The name of a probe from an annotation begins so, and that of no probe of the config file. */
  public static final String ANNOTATION = ProbeSettings.ANNOTATION_PREFIX;

  private static final Map<String, ? extends KindSpec<?>> KINDS = ProbeKinds.byName();

  private static final int DNS = 53;
  private static final int HTTPS = 443;
  private static final int MAX_DOMAIN_LENGTH = 120;

  private final AgentPlan plan;
  private final Suites suites;
  private final ProbeResourceSettings resources;
  private final Set<String> reservedLabels;
  private final boolean agentsServeTls;

  /**
   * @param reservedLabels which every series has: a task does not get another one of the same name
   */
  private AssignedTasks(
      AgentPlan plan,
      Suites suites,
      ProbeResourceSettings resources,
      Set<String> reservedLabels,
      boolean agentsServeTls) {
    this.plan = plan;
    this.suites = suites;
    this.resources = resources;
    this.reservedLabels = Set.copyOf(reservedLabels);
    this.agentsServeTls = agentsServeTls;
  }

  /** The tasks of a plan with the settings of this agent. */
  public static List<Task> of(AgentPlan plan, Settings settings, boolean agentsServeTls) {
    return of(
        plan,
        new AssignedTasks(
            plan,
            settings.suites(),
            settings.probeResources(),
            settings.labels().keySet(),
            agentsServeTls));
  }

  /** Why targets of Probe resources are not probed, by target, although the plan has them. */
  public static Map<String, String> refused(AgentPlan plan, ProbeResourceSettings resources) {
    var reasons = new TreeMap<String, String>();
    for (var assignment : plan.assignments()) {
      if (assignment instanceof ResourceProbe probe) {
        refused(probe, resources)
            .ifPresent(reason -> reasons.put(probe.name() + " " + probe.target(), reason));
      }
    }
    return reasons;
  }

  /**
   * One task or several for each assignment; none for a target of a Probe resource that the
   * settings of this agent do not allow.
   *
   * @param resources the modules of Probe resources, and where these may lead
   * @param agentsServeTls whether the endpoints of the agents speak TLS, as those of this one do;
   *     peers are then called no further than the connection, for they may want a certificate
   */
  public static List<Task> of(
      AgentPlan plan, Suites suites, ProbeResourceSettings resources, boolean agentsServeTls) {
    return of(plan, new AssignedTasks(plan, suites, resources, Set.of(), agentsServeTls));
  }

  private static List<Task> of(AgentPlan plan, AssignedTasks tasks) {
    return plan.assignments().stream()
        .flatMap(tasks::tasks)
        .collect(
            collectingAndThen(
                toMap(Task::id, Function.identity(), (one, other) -> one, LinkedHashMap::new),
                byId -> List.copyOf(byId.values())));
  }

  private Stream<Task> tasks(Assignment assignment) {
    return assignment.fold(
        new Assignment.Cases<>(
            backend -> suites.dns().enabled() ? backend(backend) : Stream.empty(),
            call -> suites.service().enabled() ? service(call) : Stream.empty(),
            peer -> suites.pod().enabled() ? Stream.of(peer(peer)) : Stream.empty(),
            call -> suites.target().enabled() ? Stream.of(target(call)) : Stream.empty(),
            call -> suites.lb().enabled() ? Stream.of(balancer(call)) : Stream.empty(),
            call -> suites.endpoints().enabled() ? Stream.of(endpoint(call)) : Stream.empty(),
            annotated -> Stream.of(annotated(annotated)),
            probe ->
                Stream.of(probe).filter(p -> refused(p, resources).isEmpty()).map(this::task)));
  }

  /** Why an agent with these settings does not probe a target; empty: it does. */
  public static Optional<String> refused(ResourceProbe probe, ProbeResourceSettings resources) {
    var module = resources.modules().get(probe.module());
    if (module == null) {
      return Optional.of(
          "the module "
              + PlanValidation.quoted(probe.module())
              + " is not one of probe_resources.modules");
    }
    try {
      var host = target(module, probe.target()).host();
      return resources.allows(host)
          ? Optional.empty()
          : Optional.of(
              "the host " + PlanValidation.quoted(host) + " is not in probe_resources.hosts");
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * A target as the kind of a module reads it.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy
   */
  public static Target target(ModuleSettings module, String text) {
    return target(Objects.requireNonNull(KINDS.get(module.kind())), module.settings(), text);
  }

  private static <S extends Record> Target target(KindSpec<S> kind, Record settings, String text) {
    return kind.target(text, kind.settings().cast(settings));
  }

  private Task task(ResourceProbe probe) {
    var module = Objects.requireNonNull(resources.modules().get(probe.module()));
    var name = ProbeSettings.RESOURCE_PREFIX + probe.resource();
    return new Task(
        String.join("/", plan.node(), name, module.kind(), probe.target()),
        new SeriesKey.UserProbeKey(name, module.kind(), probe.target()),
        module.kind(),
        module.settings(),
        target(module, probe.target()),
        probe.interval(),
        probe.timeout(),
        false,
        withoutReserved(probe.labels()),
        Task.Origin.PLAN);
  }

  /** A name of the cluster, and one of the world outside, which CoreDNS asks others for. */
  private Stream<Task> backend(DnsBackend backend) {
    var type = backend.address().indexOf(':') >= 0 ? "AAAA" : "A";
    var internal =
        domain()
            .map(
                domain ->
                    backend(
                        backend,
                        "internal",
                        DnsSettings.of("kubernetes.default.svc." + domain + ".", type)));
    var external =
        suites
            .dns()
            .external()
            .map(name -> backend(backend, "external", DnsSettings.of(bare(name) + ".", "A")));
    return Stream.of(internal, external).flatMap(Optional::stream);
  }

  private Task backend(DnsBackend backend, String queryClass, DnsSettings settings) {
    return task(
        String.join("/", "dns", "backend", backend.address(), queryClass, "udp"),
        new SeriesKey.DnsKey("backend", backend.address(), queryClass, settings.type(), "udp"),
        "dns",
        settings,
        Target.of(backend.address(), backend.address(), DNS),
        suites.dns().interval(),
        suites.dns().timeout());
  }

  private Stream<Task> service(ServiceCall call) {
    var name = domain().map(d -> call.service() + "." + call.namespace() + ".svc." + d);
    var ip = Optional.of(call.clusterIp()).filter(address -> !address.isEmpty());
    return Stream.of(
            name.map(host -> service(call, "name", host, host + ".")),
            ip.map(address -> service(call, "cluster_ip", name.orElse(address), address)))
        .flatMap(Optional::stream);
  }

  private Task service(ServiceCall call, String via, String host, String address) {
    var http = call.protocol().startsWith("http");
    return task(
        String.join("/", "service", call.namespace(), call.service(), via),
        new SeriesKey.ServiceKey(call.namespace(), call.service(), via),
        http ? "http" : "tcp",
        http ? HttpCalls.service(address) : HttpCalls.connect(AddressSelection.ONE),
        new Target(
            call.namespace() + "/" + call.service() + ":" + call.port(),
            http ? host : address,
            call.port(),
            call.path(),
            call.protocol().equals("https")),
        suites.service().interval(),
        suites.service().timeout());
  }

  private Task peer(Peer peer) {
    return task(
        "pod/" + peer.node(),
        new SeriesKey.PodKey(peer.node(), plan.zone(), peer.zone()),
        agentsServeTls ? "tcp" : "http",
        agentsServeTls ? HttpCalls.connect(AddressSelection.ONE) : HttpCalls.anyAnswer(),
        new Target(
            peer.node(), peer.address(), peer.port(), agentsServeTls ? "" : "/-/healthy", false),
        suites.pod().interval(),
        suites.pod().timeout());
  }

  private Task target(TargetCall call) {
    var http = call.protocol().startsWith("http");
    var place = new HostPort(call.address(), call.port()).toString();
    return task(
        String.join("/", "target", call.targetGroup(), call.address()),
        new SeriesKey.TargetKey(call.targetGroup(), call.address()),
        http ? "http" : "tcp",
        http
            ? HttpCalls.healthCheck(place, call.statuses())
            : HttpCalls.connect(AddressSelection.ONE),
        new Target(
            place, call.address(), call.port(), call.path(), call.protocol().equals("https")),
        suites.target().interval(),
        suites.target().timeout());
  }

  private Task balancer(LbCall call) {
    var http = call.protocol().startsWith("http");
    var host = call.host().isEmpty() ? call.dnsName() : call.host();
    var address = call.dnsName() + ".";
    var listener = call.port() + (call.host().isEmpty() ? "" : " " + call.host());
    return task(
        String.join("/", "lb", call.lb(), Integer.toString(call.port()), call.host()),
        new SeriesKey.LbKey(call.lb(), listener),
        http ? "http" : "tcp",
        http ? HttpCalls.balancer(address, call) : HttpCalls.connect(AddressSelection.ALL),
        new Target(
            call.lb() + ":" + call.port(),
            http ? host : address,
            call.port(),
            call.path(),
            call.protocol().equals("https")),
        suites.lb().interval(),
        suites.lb().timeout());
  }

  /**
   * A registry responds 401 to a client without a token, so it was reached (OCI Distribution
   * Specification, "Determining Support"). Others are called no further than the TLS handshake. The
   * certificate of the API server is of the cluster's own authority.
   */
  private Task endpoint(EndpointCall call) {
    var registry = call.service().equals("ecr.dkr");
    var address = call.host() + ".";
    var addresses = call.eachAddress() ? AddressSelection.ALL : AddressSelection.ONE;
    var caFile = suites.endpoints().caFile();
    return task(
        "endpoints/" + call.service(),
        new EndpointKey(call.service()),
        registry ? "http" : "tls",
        registry
            ? HttpCalls.reached(address, addresses, caFile)
            : HttpCalls.handshake(
                call.host(), addresses, caFile, !call.service().equals(EndpointKey.API_SERVER)),
        new Target(
            call.host(), registry ? call.host() : address, HTTPS, registry ? "/v2/" : "", true),
        suites.endpoints().interval(),
        suites.endpoints().timeout());
  }

  private Task annotated(Annotated probe) {
    var place = probe.place();
    var name = ANNOTATION + probe.name();
    var address = absolute(place.host());
    return task(
        String.join("/", name, place.kind()),
        new SeriesKey.UserProbeKey(name, place.kind(), probe.target()),
        place.kind(),
        switch (place.protocol()) {
          case "tcp" -> HttpCalls.connect(AddressSelection.ONE);
          case "tls" -> tls(place.host());
          case "grpc", "grpcs" -> HttpCalls.health(place, !isOfCluster(place.host()));
          default -> HttpCalls.annotated(address, probe.statuses(), !isOfCluster(place.host()));
        },
        new Target(
            probe.target(),
            place.isHttp() ? place.host() : address,
            place.port(),
            place.path(),
            place.isSecure()),
        probe.interval(),
        timeout(probe),
        withoutReserved(probe.labels()));
  }

  private Map<String, String> withoutReserved(Map<String, String> labels) {
    var kept = new TreeMap<>(labels);
    kept.keySet().removeAll(reservedLabels);
    return kept;
  }

  /** Verified with the authorities that the image trusts. */
  private static TlsProbeSettings tls(String host) {
    return TlsProbeSettings.DEFAULT.withTls(
        TlsSettingsBuilder.builder(TlsSettings.DEFAULT).serverName(host).build());
  }

  /** That of the suite the object belongs to, or half of an interval that is shorter. */
  private Duration timeout(Annotated probe) {
    var usual =
        probe.name().startsWith("service/") ? suites.service().timeout() : suites.lb().timeout();
    return usual.compareTo(probe.interval()) < 0 ? usual : probe.interval().dividedBy(2);
  }

  /** Services have certificates of authorities that agents do not know. */
  private boolean isOfCluster(String host) {
    return !absolute(host).endsWith(".")
        || domain().filter(domain -> bare(host).endsWith(".svc." + domain)).isPresent();
  }

  private Task task(
      String id,
      SeriesKey subject,
      String kind,
      Record settings,
      Target target,
      Duration interval,
      Duration timeout) {
    return task(id, subject, kind, settings, target, interval, timeout, Map.of());
  }

  private Task task(
      String id,
      SeriesKey subject,
      String kind,
      Record settings,
      Target target,
      Duration interval,
      Duration timeout,
      Map<String, String> labels) {
    return new Task(
        plan.node() + "/" + id,
        subject,
        kind,
        settings,
        target,
        interval,
        timeout,
        false,
        labels,
        Task.Origin.PLAN);
  }

  /** One so long that names do not fit before it is no use. */
  private Optional<String> domain() {
    return suites
        .dns()
        .clusterDomain()
        .map(AssignedTasks::bare)
        .filter(domain -> domain.length() <= MAX_DOMAIN_LENGTH);
  }

  /** Addresses have no last dot. */
  private static String absolute(String host) {
    return AddressLiteral.parse(host).isPresent() ? host : bare(host) + ".";
  }

  private static String bare(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
