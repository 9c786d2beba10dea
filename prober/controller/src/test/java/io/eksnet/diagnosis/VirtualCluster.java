package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A healthy cluster with churn: nodes come and go, pods are rolled out, Services are scaled to zero
 * and back, load balancers are created.
 */
final class VirtualCluster {
  private static final Duration DRAIN = Duration.ofMinutes(5);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final int MIN_NODES = 4;
  private static final int MAX_NODES = 9;

  private final Random random;
  private final Scene scene = Scene.healthy();
  final List<Host> hosts = new ArrayList<>();
  private final List<Pod> dns = new ArrayList<>();
  private final List<Pod> web = new ArrayList<>();
  private Instant provisioningUntil = Instant.EPOCH;
  private Instant provisioningSince = Instant.EPOCH;
  private Instant zeroUntil = Instant.EPOCH;
  private int made = Scene.NODES.size();
  Instant now = Scene.NOW;

  /** A node, and the agent on it. */
  static final class Host {
    final String name;
    final Instant created;
    Instant agentFrom;
    Optional<Instant> leaves = Optional.empty();

    Host(String name, Instant created, Instant agentFrom) {
      this.name = name;
      this.created = created;
      this.agentFrom = agentFrom;
    }
  }

  /** A pod of CoreDNS or of the web Service: starts, becomes ready, terminates. */
  private static final class Pod {
    final String ip;
    final Instant created;
    final Instant ready;
    Optional<Instant> ends = Optional.empty();

    Pod(String ip, Instant created, Instant ready) {
      this.ip = ip;
      this.created = created;
      this.ready = ready;
    }

    boolean isReady(Instant now) {
      return !now.isBefore(ready) && ends.isEmpty();
    }

    /** It serves for a while after its termination starts: a preStop sleep. */
    boolean serves(Instant now) {
      return !now.isBefore(ready) && ends.filter(end -> now.isAfter(end.plus(GRACE))).isEmpty();
    }

    boolean isGone(Instant now) {
      return ends.filter(end -> now.isAfter(end.plus(GRACE))).isPresent();
    }
  }

  VirtualCluster(Random random) {
    this.random = random;
    Scene.NODES.forEach(name -> hosts.add(new Host(name, Scene.LONG_AGO, Scene.LONG_AGO)));
    Scene.DNS_IPS.forEach(ip -> dns.add(new Pod(ip, Scene.LONG_AGO, Scene.LONG_AGO)));
    Scene.TARGET_IPS.forEach(ip -> web.add(new Pod(ip, Scene.LONG_AGO, Scene.LONG_AGO)));
  }

  /** Advances the time; random events happen. */
  void pass(Duration time) {
    now = now.plus(time);
    perhaps(60, this::nodeComes);
    perhaps(60, this::nodeGoes);
    perhaps(40, () -> replace(dns, 10));
    perhaps(25, () -> replace(web, 25));
    perhaps(100, this::agentRestarts);
    perhaps(100, this::loadBalancerIsMade);
    perhaps(200, this::scaleToZero);
    if (zeroUntil.isBefore(now) && live(web).count() < 3) {
      web.add(pod(25));
    }
    hosts.removeIf(host -> host.leaves.filter(at -> now.isAfter(at.plus(GRACE))).isPresent());
    dns.removeIf(pod -> pod.isGone(now));
    web.removeIf(pod -> pod.ends.filter(end -> now.isAfter(end.plus(DRAIN))).isPresent());
  }

  private void perhaps(int rounds, Runnable event) {
    if (random.nextInt(rounds) == 0) {
      event.run();
    }
  }

  private void nodeComes() {
    if (hosts.size() < MAX_NODES) {
      hosts.add(new Host("n" + ++made, now, now.plusSeconds(20 + random.nextInt(40))));
    }
  }

  private void nodeGoes() {
    if (hosts.size() > MIN_NODES) {
      hosts.get(random.nextInt(hosts.size())).leaves = Optional.of(now);
    }
  }

  private void agentRestarts() {
    hosts.get(random.nextInt(hosts.size())).agentFrom = now.plusSeconds(15);
  }

  /** A rollout: adds a new pod, and when it is ready removes an old one. */
  private void replace(List<Pod> pods, int startsIn) {
    if (zeroUntil.isAfter(now) && pods == web) {
      return;
    }
    var old = live(pods).filter(pod -> pod.isReady(now)).toList();
    if (old.size() >= (pods == web ? 3 : 2)) {
      if (pods.stream().allMatch(pod -> pod.isReady(now) || pod.ends.isPresent())
          && old.size() > (pods == web ? 3 : 2)) {
        old.get(0).ends = Optional.of(now);
      } else {
        pods.add(pod(startsIn));
      }
    }
  }

  private Pod pod(int startsIn) {
    return new Pod(
        "10.1." + random.nextInt(250) + "." + random.nextInt(250), now, now.plusSeconds(startsIn));
  }

  private void loadBalancerIsMade() {
    if (provisioningUntil.isBefore(now)) {
      provisioningSince = now;
      provisioningUntil = now.plusSeconds(180 + random.nextInt(360));
    }
  }

  private void scaleToZero() {
    zeroUntil = now.plusSeconds(300 + random.nextInt(600));
    live(web).toList().forEach(pod -> pod.ends = Optional.of(now));
  }

  private static Stream<Pod> live(List<Pod> pods) {
    return pods.stream().filter(pod -> pod.ends.isEmpty());
  }

  boolean agentRuns(Host host) {
    return !now.isBefore(host.agentFrom) && host.leaves.isEmpty();
  }

  /** The current Kubernetes resources. */
  Map<Resource<?>, Object> kubernetes() {
    var resources = new HashMap<Resource<?>, Object>();
    resources.put(
        Resources.NODES,
        hosts.stream().map(host -> node(Scene.node(host.name), host.created)).toList());
    resources.put(
        Resources.AGENTS,
        new AgentFleet(
            hosts.size(),
            hosts.stream()
                .map(h -> new Agent(h.name, Scene.zone(h.name), "10.0.9.1", agentRuns(h)))
                .toList()));
    resources.put(Resources.DNS_PODS, dns.stream().map(this::dnsPod).toList());
    resources.put(
        Resources.SERVICES,
        scene.evidence().inventory().list(Resources.SERVICES).stream().map(this::service).toList());
    resources.put(
        Resources.SERVICE_PODS,
        web.stream().filter(pod -> !pod.isGone(now)).map(this::servicePod).toList());
    return resources;
  }

  /** The current load balancers. */
  List<LoadBalancer> loadBalancers() {
    var all = new ArrayList<>(List.of(Scene.loadBalancer("active")));
    if (provisioningUntil.isAfter(now)) {
      var lb = Scene.loadBalancer("provisioning");
      all.add(
          new LoadBalancer(
              "arn:lb/fresh",
              "k8s-shop-fresh",
              lb.dnsName(),
              lb.type(),
              lb.scheme(),
              lb.state(),
              "",
              lb.vpcId(),
              lb.subnets(),
              lb.securityGroups(),
              lb.listeners(),
              provisioningSince,
              Optional.empty()));
    }
    return all;
  }

  /** The current targets; ready pods are registered after some seconds. */
  List<TargetHealth> targets() {
    return web.stream()
        .filter(pod -> now.isAfter(pod.ready.plusSeconds(3)))
        .map(
            pod ->
                pod.ends.isPresent()
                    ? Scene.target(pod.ip, "draining", "Target.DeregistrationInProgress", "")
                    : now.isBefore(pod.ready.plusSeconds(30))
                        ? Scene.target(pod.ip, "initial", "Elb.RegistrationInProgress", "")
                        : Scene.target(pod.ip, "healthy", "", ""))
        .toList();
  }

  List<SecurityPath> paths() {
    return targets().stream()
        .map(t -> Scene.path(t.id(), SecurityPath.Use.TRAFFIC, SecurityPath.Verdict.PERMITTED))
        .toList();
  }

  /** Whether a probe would succeed now. */
  boolean answers(SeriesKey subject) {
    if (subject instanceof PodKey path) {
      return hosts.stream().anyMatch(host -> host.name.equals(path.peer()) && agentRuns(host));
    } else if (subject instanceof DnsKey path && path.path().equals("backend")) {
      return dns.stream().anyMatch(pod -> pod.ip.equals(path.server()) && pod.serves(now));
    } else if (subject instanceof TargetKey path) {
      return web.stream().anyMatch(pod -> pod.ip.equals(path.address()) && pod.serves(now));
    } else if (subject instanceof SeriesKey.ServiceKey path && path.namespace().equals("shop")) {
      return web.stream().anyMatch(pod -> pod.isReady(now));
    }
    return !(subject instanceof SeriesKey.LbKey)
        || targets().stream().anyMatch(target -> !target.state().equals("draining"));
  }

  private DnsPod dnsPod(Pod pod) {
    var like = Scene.dnsPod("coredns-" + pod.ip, hosts.get(0).name, pod.ip);
    return new DnsPod(
        like.name(),
        like.node(),
        like.ip(),
        like.phase(),
        pod.isReady(now),
        like.scheduling(),
        like.schedulerName(),
        pod.created,
        "");
  }

  private ServicePod servicePod(Pod pod) {
    return new ServicePod(
        pod.ip, hosts.get(0).name, pod.isReady(now), false, Optional.empty(), pod.created);
  }

  private KubeService service(KubeService like) {
    var pods = like.name().equals("web") ? web : dns;
    var endpoints =
        pods.stream()
            .filter(pod -> !pod.isGone(now))
            .map(
                pod ->
                    new Endpoint(pod.ip, pod.isReady(now), pod.ends.isPresent(), hosts.get(0).name))
            .toList();
    return new KubeService(
        like.namespace(),
        like.name(),
        like.type(),
        like.clusterIps(),
        like.ports(),
        like.addresses(),
        like.annotations(),
        Set.of(),
        Optional.of(endpoints),
        Optional.empty());
  }

  private static KubeNode node(KubeNode like, Instant created) {
    return new KubeNode(
        like.name(),
        like.zone(),
        like.instanceId(),
        List.of(),
        like.computeType(),
        like.ready(),
        like.podSlots(),
        like.podsOnIt(),
        List.of(),
        created);
  }
}
