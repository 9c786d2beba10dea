package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.COREDNS_FAILING;
import static io.eksnet.model.diagnosis.RootCause.COREDNS_FORWARD_BROKEN;
import static io.eksnet.model.diagnosis.RootCause.COREDNS_NOT_READY;
import static io.eksnet.model.diagnosis.RootCause.COREDNS_REPLICA_SICK;
import static io.eksnet.model.diagnosis.RootCause.DNS_PACKET_LOSS;
import static io.eksnet.model.diagnosis.RootCause.DNS_PORT_BLOCKED;
import static io.eksnet.model.diagnosis.RootCause.DNS_TCP_BLOCKED;
import static io.eksnet.model.diagnosis.RootCause.DNS_WRONG_NAME;
import static io.eksnet.model.diagnosis.RootCause.DOWNSTREAM_OF_DNS;
import static io.eksnet.model.diagnosis.RootCause.LINKLOCAL_THROTTLED;
import static io.eksnet.model.diagnosis.RootCause.NODELOCAL_DNS_DOWN;
import static io.eksnet.model.diagnosis.RootCause.PROBER_TROUBLE;
import static io.eksnet.model.diagnosis.RootCause.SERVICE_PATH_BROKEN;
import static io.eksnet.model.diagnosis.RootCause.VPC_RESOLVER_FAILING;
import static io.eksnet.model.diagnosis.RootCause.WRONG_NAMESERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsRulesTest {
  private static final Predicate<SeriesKey> SERVICE = Scene.dns("service");
  private static final Predicate<SeriesKey> BACKENDS = Scene.dns("backend");
  private static final Predicate<SeriesKey> VPC = Scene.dns("vpc_resolver");
  private static final Predicate<SeriesKey> OUTSIDE =
      Scene.dns("service", "aws").or(Scene.dns("service", "external"));
  private static final Predicate<SeriesKey> TCP =
      subject -> subject instanceof DnsKey dns && dns.proto().equals("tcp");

  @Test
  void reportsCrashingCoreDnsAndStsAsConsequence() {
    var scene =
        Scene.healthy()
            .each(Resources.DNS_PODS, pod -> ready(pod, false, "CrashLoopBackOff: Loop detected"))
            .failing(SERVICE, "conn_refused", Phase.PROCESSING)
            .failing(BACKENDS, "conn_refused", Phase.PROCESSING)
            .failing(Scene.a(StsKey.class), "conn_refused", Phase.RESOLVE);

    assertThat(scene.causes()).containsExactly(COREDNS_NOT_READY, DOWNSTREAM_OF_DNS);
    assertThat(scene.findings().get(0).evidence())
        .containsExactly(
            "none of 2 CoreDNS pods is ready",
            "the Service kube-dns refuses queries from n1, n2, n3 and 3 more",
            "container status: CrashLoopBackOff: Loop detected");
    assertThat(scene.findings().get(0).confidence().percent()).isEqualTo(90);
  }

  @Test
  void ignoresUnreadyCoreDnsWhileDnsWorks() {
    var scene = Scene.healthy().each(Resources.DNS_PODS, pod -> ready(pod, false, ""));

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void reportsServicePathWhereCoreDnsPodsAnswer() {
    var scene = Scene.healthy().failing("n3"::equals, SERVICE, "timeout", Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(SERVICE_PATH_BROKEN);
    assertThat(one(scene).evidence().get(0)).contains("1 of 6 nodes (n3)");
  }

  @Test
  void ignoresSingleLostQuery() {
    var scene =
        Scene.healthy()
            .results(
                n -> true,
                SERVICE,
                at ->
                    new Result(
                        at,
                        at.isAfter(Scene.NOW.minusSeconds(5)) ? "timeout" : "success",
                        Phase.PROCESSING,
                        0,
                        false,
                        false,
                        0,
                        Map.of()));

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void reportsBlockedPortOnNodesOfSeveralZones() {
    var scene =
        Scene.healthy()
            .failing(
                List.of("n1", "n2")::contains, SERVICE.or(BACKENDS), "timeout", Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(DNS_PORT_BLOCKED);
  }

  @Test
  void reportsBlockedPortOfOneZoneWithItsScope() {
    var scene = blockedInZone("timeout");

    assertThat(scene.causes()).containsExactly(DNS_PORT_BLOCKED);
    assertThat(one(scene).scope()).isEqualTo("zone/eu-west-1a");
    assertThat(blockedInZone("unreachable").causes()).containsExactly(DNS_PORT_BLOCKED);
  }

  @Test
  void doesNotReportBlockedPortForZoneThatIsCutOff() {
    var scene =
        blockedInZone("timeout")
            .failing(
                List.of("n1", "n4")::contains,
                key -> key instanceof PodKey path && !path.targetZone().equals("eu-west-1a"),
                "timeout",
                Phase.CONNECT);

    assertThat(scene.causes()).doesNotContain(DNS_PORT_BLOCKED);
  }

  @Test
  void doesNotReportBlockedPortForNodeThatIsCutOff() {
    var scene = Scene.healthy().failing("n3"::equals, subject -> true, "timeout", Phase.CONNECT);

    assertThat(scene.causes()).doesNotContain(DNS_PORT_BLOCKED, SERVICE_PATH_BROKEN);
  }

  private static Scene blockedInZone(String outcome) {
    return Scene.healthy()
        .failing(List.of("n1", "n4")::contains, SERVICE.or(BACKENDS), outcome, Phase.PROCESSING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"timeout", "unreachable", "conn_refused"})
  void reportsServicePathOfOneNodeWhateverTheOutcome(String outcome) {
    var scene = Scene.healthy().failing("n3"::equals, SERVICE, outcome, Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(SERVICE_PATH_BROKEN);
    assertThat(one(scene).scope()).isEqualTo("node/n3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"timeout", "unreachable", "conn_refused", "servfail", "refused_rcode"})
  void reportsReadyCoreDnsWithoutAnswers(String outcome) {
    var scene = Scene.healthy().failing(SERVICE.or(BACKENDS), outcome, Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(COREDNS_FAILING);
    assertThat(one(scene).confidence().label()).isEqualTo("high");
    assertThat(one(scene).evidence())
        .contains(
            "all 2 replicas are ready, and direct queries to them fail: 10.0.0.10, 10.0.1.10");
  }

  @Test
  void reportsReadyCoreDnsWhoseReplicasFailDifferently() {
    var scene =
        Scene.healthy()
            .failing(SERVICE.or(backend("10.0.0.10")), "timeout", Phase.PROCESSING)
            .failing(backend("10.0.1.10"), "servfail", Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(COREDNS_FAILING);
  }

  @Test
  void reportsOnlyReplicaThatIsReadyAndSilent() {
    var single =
        onlySeries(Scene.healthy(), window -> !backend("10.0.1.10").test(window.key()))
            .with(Resources.DNS_PODS, List.of(Scene.dnsPod("coredns-a", "n1", "10.0.0.10")));

    assertThat(single.failing(SERVICE.or(BACKENDS), "timeout", Phase.PROCESSING).causes())
        .containsExactly(COREDNS_FAILING);
  }

  @Test
  void marksStsAsConsequenceOfFailingCoreDns() {
    var scene =
        Scene.healthy()
            .failing(SERVICE.or(BACKENDS), "servfail", Phase.PROCESSING)
            .failing(Scene.a(StsKey.class), "servfail", Phase.RESOLVE);

    assertThat(scene.causes()).containsExactly(COREDNS_FAILING, DOWNSTREAM_OF_DNS);
    assertThat(Causality.causes(scene.findings()))
        .extracting(Finding::cause)
        .containsExactly(COREDNS_FAILING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nxdomain", "nodata", "wrong_answer"})
  void doesNotCallAnAnswerAFailureOfCoreDns(String outcome) {
    assertThat(Scene.healthy().failing(SERVICE.or(BACKENDS), outcome, Phase.PROCESSING).causes())
        .doesNotContain(COREDNS_FAILING, COREDNS_NOT_READY, DNS_PORT_BLOCKED);
  }

  @Test
  void waitsForNewReplicasBeforeItCallsCoreDnsFailing() {
    var scene =
        Scene.healthy()
            .each(Resources.DNS_PODS, pod -> bornAt(pod, Scene.NOW.minusSeconds(30)))
            .failing(SERVICE.or(BACKENDS), "timeout", Phase.PROCESSING);

    assertThat(scene.causes()).doesNotContain(COREDNS_FAILING);
  }

  /** Packets within one node pass no security group: only replicas elsewhere can be blocked. */
  @Test
  void reportsBlockedPortWhereNoNodeHostsReplica() {
    var onFargate =
        Scene.healthy()
            .with(
                Resources.DNS_PODS,
                List.of(
                    dnsPodOn("fargate-ip-10-0-0-10", "10.0.0.10"),
                    dnsPodOn("fargate-ip-10-0-1-10", "10.0.1.10")))
            .failing(SERVICE.or(BACKENDS).or(TCP), "timeout", Phase.PROCESSING);

    assertThat(onFargate.causes()).containsExactly(DNS_PORT_BLOCKED);
    assertThat(one(onFargate).scope()).isEqualTo("cluster");
    assertThat(onFargate.each(Resources.DNS_PODS, pod -> ready(pod, false, "")).causes())
        .containsExactly(COREDNS_NOT_READY);
  }

  private static DnsPod dnsPodOn(String node, String ip) {
    var pod = Scene.dnsPod("coredns-" + ip, "n1", ip);
    return new DnsPod(
        pod.name(),
        node,
        ip,
        pod.phase(),
        true,
        pod.scheduling(),
        "fargate-scheduler",
        pod.created(),
        "");
  }

  @Test
  void reportsCoreDnsScaledToZero() {
    var scene = withoutCoreDns(List.of(coreDns(0)));

    assertThat(scene.causes()).containsExactly(COREDNS_NOT_READY);
    assertThat(one(scene).evidence()).contains("the Deployment coredns is scaled to 0 replicas");
    assertThat(one(scene).fix().get(0)).contains("scale deployment coredns --replicas=2");
  }

  @Test
  void reportsDeletedCoreDns() {
    var scene = withoutCoreDns(List.of());

    assertThat(scene.causes()).containsExactly(COREDNS_NOT_READY);
    assertThat(one(scene).evidence()).contains("there is no Deployment coredns");
    assertThat(one(scene).fix().get(0)).contains("create-addon");
  }

  @Test
  void reportsServiceThatSelectsNoCoreDnsPod() {
    var scene =
        Scene.healthy()
            .each(Resources.SERVICES, DnsRulesTest::withoutEndpoints)
            .failing(SERVICE, "conn_refused", Phase.PROCESSING);

    assertThat(scene.causes()).contains(COREDNS_NOT_READY);
    assertThat(one(scene).fix().get(0)).contains("selector");
  }

  @Test
  void ignoresMissingPodsWhereDnsWorksOrPodsAreUnknown() {
    var working =
        Scene.healthy()
            .with(Resources.DNS_PODS, List.of())
            .each(Resources.SERVICES, DnsRulesTest::withoutEndpoints);

    assertThat(working.causes()).isEmpty();
    assertThat(withoutCoreDns(List.of(coreDns(0))).without(Resources.DNS_PODS).causes())
        .doesNotContain(COREDNS_NOT_READY);
  }

  /** EKS Auto Mode has no CoreDNS pods. */
  @Test
  void reportsSilentDnsOfAutoMode() {
    var auto = withoutCoreDns(List.of()).each(Resources.NODES, DnsRulesTest::auto);

    assertThat(auto.causes()).containsExactly(COREDNS_FAILING);
    assertThat(one(auto).evidence())
        .contains("EKS Auto Mode runs CoreDNS on the nodes, outside pods");
  }

  private static Scene withoutCoreDns(List<Component> components) {
    return onlySeries(Scene.healthy(), window -> !BACKENDS.test(window.key()))
        .with(Resources.DNS_PODS, List.of())
        .with(Resources.COMPONENTS, components)
        .each(Resources.SERVICES, DnsRulesTest::withoutEndpoints)
        .failing(SERVICE, "conn_refused", Phase.PROCESSING);
  }

  private static Component coreDns(int desired) {
    return new Component(
        "coredns",
        "kube-system",
        "coredns",
        desired,
        0,
        false,
        ReconcileCause.OTHER,
        "",
        Optional.empty(),
        Set.of(CredentialSource.NONE));
  }

  private static KubeService withoutEndpoints(KubeService service) {
    return service.name().equals("kube-dns")
        ? new KubeService(
            service.namespace(),
            service.name(),
            service.type(),
            service.clusterIps(),
            service.ports(),
            service.addresses(),
            service.annotations(),
            Set.of(),
            Optional.of(List.of()),
            Optional.empty())
        : service;
  }

  private static KubeNode auto(KubeNode node) {
    return new KubeNode(
        node.name(),
        node.zone(),
        node.instanceId(),
        List.of(),
        ComputeType.AUTO,
        node.ready(),
        node.podSlots(),
        node.podsOnIt(),
        List.of(),
        node.created());
  }

  @Test
  void namesPodOfFailingReplica() {
    var scene = Scene.healthy().failing(backend("10.0.0.10"), "servfail", Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(COREDNS_REPLICA_SICK);
    assertThat(one(scene).scope()).isEqualTo("dns_backend/10.0.0.10");
    assertThat(one(scene).fix().get(0)).contains("delete pod coredns-a");
  }

  @Test
  void ignoresReplicaDuringRollout() {
    var scene =
        Scene.healthy()
            .each(Resources.DNS_PODS, pod -> bornAt(pod, Scene.NOW.minusSeconds(30)))
            .failing(backend("10.0.0.10"), "timeout", Phase.PROCESSING);

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void ignoresFailingReplicaWithoutPodsRead() {
    var scene =
        Scene.healthy()
            .without(Resources.DNS_PODS)
            .failing(backend("10.0.0.10"), "timeout", Phase.PROCESSING);

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void ignoresRemovedReplica() {
    var scene =
        Scene.healthy()
            .with(Resources.DNS_PODS, List.of(Scene.dnsPod("coredns-b", "n2", "10.0.1.10")))
            .failing(backend("10.0.0.10"), "timeout", Phase.PROCESSING);

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void reportsVpcResolverWhereClusterNamesResolve() {
    var scene = Scene.healthy().failing(VPC.or(OUTSIDE), "timeout", Phase.PROCESSING);

    for (var outcome : List.of("unreachable", "conn_refused", "servfail", "refused_rcode")) {
      assertThat(Scene.healthy().failing(VPC.or(OUTSIDE), outcome, Phase.PROCESSING).causes())
          .as(outcome)
          .containsExactly(VPC_RESOLVER_FAILING);
    }
    assertThat(scene.causes()).containsExactly(VPC_RESOLVER_FAILING);
    assertThat(one(scene).excluded()).contains("not CoreDNS: it answers for names of the cluster");
  }

  @Test
  void doesNotBlameVpcResolverForOneFailingName() {
    var external = Scene.dns("vpc_resolver", "external").or(Scene.dns("service", "external"));

    for (var outcome : List.of("nxdomain", "servfail", "timeout")) {
      assertThat(Scene.healthy().failing(external, outcome, Phase.PROCESSING).causes())
          .as(outcome)
          .isEmpty();
    }
    assertThat(Scene.healthy().failing(VPC.or(OUTSIDE), "nxdomain", Phase.PROCESSING).causes())
        .doesNotContain(VPC_RESOLVER_FAILING);
  }

  @Test
  void reportsForwardingWhereVpcResolverAnswers() {
    var scene = Scene.healthy().failing(OUTSIDE, "refused_rcode", Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(COREDNS_FORWARD_BROKEN);
    assertThat(one(scene).fix().get(0)).contains("max_concurrent");
  }

  /** CoreDNS may forward to the servers of a company, which know other names on purpose. */
  @ParameterizedTest
  @ValueSource(strings = {"nxdomain", "nodata"})
  void doesNotBlameForwardingForAnswers(String outcome) {
    assertThat(Scene.healthy().failing(OUTSIDE, outcome, Phase.PROCESSING).findings()).isEmpty();
  }

  @Test
  void ignoresVpcResolverAnswersBeforeOrAfterFailures() {
    var begins = outside(age -> age < 20 ? "servfail" : "success");
    var ends = outside(age -> age < 10 ? "not_run" : "servfail");

    assertThat(vpc(begins, age -> age < 20 ? "not_run" : "success").causes()).isEmpty();
    assertThat(vpc(ends, age -> age < 10 ? "success" : "timeout").causes()).isEmpty();
    assertThat(vpc(begins, age -> "success").causes()).containsExactly(COREDNS_FORWARD_BROKEN);
  }

  private static Scene outside(LongFunction<String> outcome) {
    return came(Scene.healthy(), OUTSIDE, outcome);
  }

  private static Scene vpc(Scene scene, LongFunction<String> outcome) {
    return came(scene, VPC, outcome);
  }

  /** Sets outcomes by the age of runs in seconds. */
  private static Scene came(Scene scene, Predicate<SeriesKey> whom, LongFunction<String> outcome) {
    return scene.results(
        node -> true,
        whom,
        at -> {
          var age = Duration.between(at, Scene.NOW).toSeconds();
          return new Result(at, outcome.apply(age), Phase.PROCESSING, 0, false, false, 0, Map.of());
        });
  }

  @Test
  void doesNotBlameForwardingWithoutVpcResolverResults() {
    var scene = onlySeries(Scene.healthy(), window -> !VPC.test(window.key()));

    assertThat(scene.failing(OUTSIDE, "servfail", Phase.PROCESSING).causes())
        .doesNotContain(COREDNS_FORWARD_BROKEN, VPC_RESOLVER_FAILING);
  }

  @Test
  void reportsMoreThanHundredDroppedLinkLocalPackets() {
    assertThat(throttled(101).causes()).containsExactly(LINKLOCAL_THROTTLED);
    assertThat(throttled(100).findings()).isEmpty();
  }

  @Test
  void reportsPacketLossOverUdpOnly() {
    var lossy = lossy();

    assertThat(lossy.causes()).containsExactly(DNS_PACKET_LOSS);
    assertThat(one(lossy).confidence().label()).isEqualTo("medium");
    assertThat(lossy.failing(TCP, "timeout", Phase.CONNECT).causes())
        .doesNotContain(DNS_PACKET_LOSS);
  }

  @Test
  void doesNotExcludeThrottlingWhereCountersAreUnknown() {
    var lossy = lossy();
    var unread =
        lossy.host(
            "n5"::equals,
            host ->
                new HostReport(
                    host.nameserversOk(),
                    host.podIdentityAgent(),
                    host.ipamd(),
                    host.pool(),
                    Map.of(),
                    host.privateEndpoints(),
                    host.failingAddresses()));

    assertThat(one(lossy).excluded())
        .anyMatch(line -> line.contains("linklocal_allowance_exceeded does not increase"));
    assertThat(one(unread).excluded())
        .noneMatch(line -> line.contains("linklocal_allowance_exceeded"));
    assertThat(one(unread).evidence())
        .anyMatch(line -> line.contains("linklocal_allowance_exceeded is unknown"));
    assertThat(one(unread).confidence().percent()).isLessThan(one(lossy).confidence().percent());
  }

  @Test
  void ignoresFewRetriesAndRetriesOfOneNode() {
    for (var nodes : List.of(List.of("n1"), List.of("n1", "n2"))) {
      var few =
          Scene.healthy()
              .results(
                  nodes::contains,
                  nodes.size() == 1 ? SERVICE.and(TCP.negate()) : Scene.dns("service", "aws"),
                  at -> lostFirst(at, nodes.size() == 1 || at.isAfter(Scene.NOW.minusSeconds(10))));

      assertThat(few.findings()).isEmpty();
    }
  }

  private static Scene lossy() {
    return Scene.healthy()
        .results(
            List.of("n1", "n5")::contains, SERVICE.and(TCP.negate()), at -> lostFirst(at, true));
  }

  private static Result lostFirst(Instant at, boolean retried) {
    return new Result(at, "success", Phase.PROCESSING, 0, false, retried, 5_003, Map.of());
  }

  @Test
  void reportsNxdomainForExistingName() {
    var scene =
        Scene.healthy().failing(Scene.dns("service", "internal"), "nxdomain", Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(DNS_WRONG_NAME);
  }

  @Test
  void reportsWrongNameserver() {
    var scene =
        Scene.healthy()
            .host(
                "n2"::equals,
                host ->
                    new HostReport(
                        Optional.of(false),
                        host.podIdentityAgent(),
                        host.ipamd(),
                        host.pool(),
                        host.allowances(),
                        host.privateEndpoints(),
                        host.failingAddresses()));

    assertThat(scene.causes()).containsExactly(WRONG_NAMESERVER);
    assertThat(one(scene).evidence().get(0)).endsWith("on n2");
  }

  @Test
  void reportsNodeLocalDnsDownUnlessPodsCannotReachIt() {
    var local = new DnsKey("nodelocal", "", "internal", "A", "udp");
    var bad =
        List.of(
            new Result(Scene.NOW, "timeout", Phase.PROCESSING, 0, false, false, 0, Map.of()),
            new Result(
                Scene.NOW.minusSeconds(15),
                "timeout",
                Phase.PROCESSING,
                0,
                false,
                false,
                0,
                Map.of()));
    var scene =
        Scene.healthy()
            .agents(
                agent ->
                    agent.node().equals("n4") ? and(agent, new ResultWindow(local, bad)) : agent);

    assertThat(scene.causes()).containsExactly(NODELOCAL_DNS_DOWN);
    assertThat(scene.with(Resources.CNI_SETTINGS, cni(true, true)).findings()).isEmpty();
    assertThat(scene.with(Resources.CNI_SETTINGS, cni(true, false)).causes())
        .containsExactly(NODELOCAL_DNS_DOWN);
  }

  @ParameterizedTest
  @CsvSource({"ABSENT, 90", "TIMEOUT, 70"})
  void needsTheSettingsOfTheVpcCniForNodeLocalDnsUnlessItIsAbsent(
      Unavailable.Reason reason, int percent) {
    var local = new DnsKey("nodelocal", "", "internal", "A", "udp");
    var bad =
        Stream.of(Scene.NOW, Scene.NOW.minusSeconds(15))
            .map(at -> new Result(at, "timeout", Phase.PROCESSING, 0, false, false, 0, Map.of()))
            .toList();

    var findings =
        Scene.healthy()
            .unavailable(Resources.CNI_SETTINGS, reason)
            .agents(
                agent ->
                    agent.node().equals("n4") ? and(agent, new ResultWindow(local, bad)) : agent)
            .findings();

    assertThat(findings)
        .singleElement()
        .satisfies(one -> assertThat(one.confidence().percent()).isEqualTo(percent));
  }

  private static CniSettings cni(boolean podSecurityGroups, boolean strict) {
    return new CniSettings(false, false, true, podSecurityGroups, strict);
  }

  @Test
  void reportsBlockedTcpWhereUdpWorks() {
    var scene = Scene.healthy().failing("n6"::equals, TCP, "timeout", Phase.CONNECT);

    assertThat(scene.causes()).containsExactly(DNS_TCP_BLOCKED);
  }

  @Test
  void doesNotAttributeOtherStsFailuresToDns() {
    var scene =
        Scene.healthy()
            .failing(OUTSIDE, "servfail", Phase.PROCESSING)
            .failing(Scene.a(StsKey.class), "timeout", Phase.CONNECT);

    assertThat(scene.causes()).doesNotContain(DOWNSTREAM_OF_DNS);
  }

  @Test
  void findsOnlyProberTroubleWithoutAgents() {
    assertThat(Scene.healthy().withoutAgents().causes()).containsExactly(PROBER_TROUBLE);
  }

  private static Finding one(Scene scene) {
    return scene.findings().get(0);
  }

  private static Predicate<SeriesKey> backend(String server) {
    return subject ->
        subject instanceof DnsKey dns
            && dns.path().equals("backend")
            && dns.server().equals(server);
  }

  private static Scene throttled(long packets) {
    return Scene.healthy()
        .host(
            "n1"::equals,
            host ->
                new HostReport(
                    host.nameserversOk(),
                    host.podIdentityAgent(),
                    host.ipamd(),
                    host.pool(),
                    Map.of("linklocal", packets),
                    host.privateEndpoints(),
                    host.failingAddresses()));
  }

  private static Scene onlySeries(Scene scene, Predicate<ResultWindow> which) {
    return scene.agents(
        agent ->
            new AgentReport(
                agent.node(),
                agent.zone(),
                agent.windows().stream().filter(which).toList(),
                agent.host()));
  }

  private static AgentReport and(AgentReport agent, ResultWindow window) {
    return new AgentReport(
        agent.node(),
        agent.zone(),
        Stream.concat(agent.windows().stream(), Stream.of(window)).toList(),
        agent.host());
  }

  private static DnsPod ready(DnsPod pod, boolean ready, String trouble) {
    return new DnsPod(
        pod.name(),
        pod.node(),
        pod.ip(),
        pod.phase(),
        ready,
        pod.scheduling(),
        pod.schedulerName(),
        pod.created(),
        trouble);
  }

  private static DnsPod bornAt(DnsPod pod, Instant created) {
    return new DnsPod(
        pod.name(),
        pod.node(),
        pod.ip(),
        pod.phase(),
        pod.ready(),
        pod.scheduling(),
        pod.schedulerName(),
        created,
        pod.containerReason());
  }
}
