package io.eksnet.soak;

import io.eksnet.lab.cluster.Behavior.AwsFault;
import io.eksnet.lab.cluster.Behavior.KubeFault;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.world.Scenarios;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** All faults of schedules. */
final class Faults {
  private static final Set<String> DENIED = Set.of("prober_trouble");

  private Faults() {}

  static List<SoakFault> all() {
    var all = new ArrayList<SoakFault>();
    services("http", "refuse accept_reset unavailable stall reset_body garbage huge_headers drip")
        .forEach(all::add);
    services("https", "refuse tls_expired tls_garbage tls_stall tls_reset").forEach(all::add);
    services("tcp", "refuse drop reset close garbage endless").forEach(all::add);
    services("dns", "refuse drop servfail garbage wrong_id truncate compression_loop")
        .forEach(all::add);
    // noticed after 150 s without a bookmark, which is longer than a soak waits for recovery
    for (var kind : EnumSet.complementOf(EnumSet.of(KubeFault.Kind.DEAF))) {
      var causes = kind == KubeFault.Kind.FORBIDDEN ? DENIED : Set.<String>of();
      all.add(kube("*", kind, causes));
      all.add(kube("pods", kind, causes));
    }
    for (var kind : AwsFault.Kind.values()) {
      var causes =
          kind == AwsFault.Kind.DENIED || kind == AwsFault.Kind.EXPIRED ? DENIED : Set.<String>of();
      all.add(
          new SoakFault.OfCluster(
              "aws", "aws " + kind, s -> s.with(new AwsFault("*", kind)), causes));
    }
    Stream.of(
            "subnet-tags",
            "ip-exhaustion",
            "alb-sg-blocked",
            "alb-health-path",
            "karpenter-template",
            "pod-identity-namespace",
            "vpc-dns-throttle",
            "rolling-deploy")
        .map(Faults::incident)
        .forEach(all::add);
    all.add(sickReplica());
    all.addAll(List.of(SoakFault.OfProcess.values()));
    return List.copyOf(all);
  }

  private static Stream<SoakFault> services(String service, String labels) {
    return Stream.of(labels.split(" ", -1)).map(label -> new SoakFault.OfService(service, label));
  }

  private static SoakFault kube(String resource, KubeFault.Kind kind, Set<String> causes) {
    UnaryOperator<ClusterState> what = state -> state.with(new KubeFault(resource, kind));
    return new SoakFault.OfCluster(
        "kubernetes", "kubernetes " + resource + " " + kind, what, causes);
  }

  private static SoakFault incident(String name) {
    var scenario = Scenarios.load(name);
    return new SoakFault.OfCluster(
        name, name, scenario.stages().get(0).change(), Set.copyOf(scenario.allowed()));
  }

  private static SoakFault sickReplica() {
    return new SoakFault.OfCluster(
        "coredns",
        "a replica of CoreDNS drops",
        state ->
            state.change(
                "{set: Pod, where: {name: coredns-5d4f8b6c7-0}, to: {program: {fault: drop}}}"),
        Set.of("coredns_replica_sick", "dns_packet_loss", "downstream_of_dns"));
  }
}
