package io.eksnet.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.config.DnsSuite;
import io.eksnet.config.SuiteSchedule;
import io.eksnet.model.ResolvConf;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.Task;
import io.eksnet.probe.dns.DnsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DnsSuitePlanTest {
  private static final Duration EVERY = Duration.ofSeconds(15);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static DnsSuitePlan plan(
      Optional<String> serviceHost, List<String> nameservers, Set<String> answering) {
    return new DnsSuitePlan(
        "node-1",
        EVERY,
        TIMEOUT,
        Optional.of("cluster.local"),
        Optional.of("example.com"),
        Optional.of("eu-west-1"),
        serviceHost,
        conf(nameservers),
        Optional.empty(),
        answering);
  }

  private static ResolvConf conf(List<String> nameservers) {
    return new ResolvConf(nameservers, List.of("svc.cluster.local", "cluster.local"), 5);
  }

  private static List<String> lines(DnsSuitePlan plan) {
    return plan.tasks().stream().map(DnsSuitePlanTest::line).toList();
  }

  private static String line(Task task) {
    var subject = (DnsKey) task.key();
    var settings = (DnsSettings) task.settings();
    return String.join(
        " ",
        subject.path() + "[" + subject.server() + "]",
        subject.queryClass(),
        subject.qtype(),
        subject.proto(),
        task.target().host() + ":" + task.target().port(),
        settings.query().orElseThrow(),
        settings.expect().rcode());
  }

  @Test
  void inAClusterAllClassesAreAskedOfTheService() {
    assertThat(lines(plan(Optional.of("10.100.0.1"), List.of("10.100.0.10"), Set.of())))
        .containsExactly(
            "service[] internal A udp 10.100.0.10:53 kubernetes.default.svc.cluster.local. NOERROR",
            "service[] aws A udp 10.100.0.10:53 sts.eu-west-1.amazonaws.com. NOERROR",
            "service[] external A udp 10.100.0.10:53 example.com. NOERROR",
            "service[] negative A udp 10.100.0.10:53 eksnet-{random}.cluster.local. NXDOMAIN",
            "service[] internal A tcp 10.100.0.10:53 kubernetes.default.svc.cluster.local. NOERROR");
  }

  @Test
  void outsideOfAClusterOnlyNamesOfTheWorldAreAsked() {
    assertThat(lines(plan(Optional.empty(), List.of("10.0.0.2", "10.0.0.3"), Set.of())))
        .containsExactly(
            "resolvconf[10.0.0.2] aws A udp 10.0.0.2:53 sts.eu-west-1.amazonaws.com. NOERROR",
            "resolvconf[10.0.0.2] external A udp 10.0.0.2:53 example.com. NOERROR",
            "resolvconf[10.0.0.2] external A tcp 10.0.0.2:53 example.com. NOERROR",
            "resolvconf[10.0.0.3] aws A udp 10.0.0.3:53 sts.eu-west-1.amazonaws.com. NOERROR",
            "resolvconf[10.0.0.3] external A udp 10.0.0.3:53 example.com. NOERROR",
            "resolvconf[10.0.0.3] external A tcp 10.0.0.3:53 example.com. NOERROR");
  }

  @Test
  void serversThatAnswerAreAskedWhatTheyCanKnow() {
    var lines =
        lines(
            plan(
                Optional.of("10.100.0.1"),
                List.of("10.100.0.10"),
                Set.of("169.254.20.10", "169.254.169.253")));
    assertThat(lines)
        .filteredOn(line -> !line.startsWith("service"))
        .containsExactly(
            "nodelocal[] internal A udp 169.254.20.10:53 kubernetes.default.svc.cluster.local. NOERROR",
            "nodelocal[] aws A udp 169.254.20.10:53 sts.eu-west-1.amazonaws.com. NOERROR",
            "nodelocal[] external A udp 169.254.20.10:53 example.com. NOERROR",
            "nodelocal[] negative A udp 169.254.20.10:53 eksnet-{random}.cluster.local. NXDOMAIN",
            "nodelocal[] internal A tcp 169.254.20.10:53 kubernetes.default.svc.cluster.local. NOERROR",
            "vpc_resolver[169.254.169.253] aws A udp 169.254.169.253:53 sts.eu-west-1.amazonaws.com. NOERROR",
            "vpc_resolver[169.254.169.253] external A udp 169.254.169.253:53 example.com. NOERROR",
            "vpc_resolver[169.254.169.253] external A tcp 169.254.169.253:53 example.com. NOERROR");
  }

  @Test
  void probesVpcResolverThatTheConfigNamesWhetherItAnswersOrNot() {
    var plan =
        new DnsSuitePlan(
            "node-1",
            EVERY,
            TIMEOUT,
            Optional.of("cluster.local"),
            Optional.empty(),
            Optional.of("eu-west-1"),
            Optional.of("10.100.0.1"),
            conf(List.of("10.100.0.10")),
            Optional.of("10.0.0.2"),
            Set.of());

    assertThat(lines(plan))
        .contains(
            "vpc_resolver[10.0.0.2] aws A udp 10.0.0.2:53 sts.eu-west-1.amazonaws.com. NOERROR");
  }

  @Test
  void aServerIsAskedOnceHoweverItIsFound() {
    var tasks =
        plan(
                Optional.of("fd30::1"),
                List.of("fd00:ec2:0::253", "169.254.20.10"),
                Set.of("169.254.20.10", "fd00:ec2::253"))
            .tasks();
    assertThat(tasks).extracting(t -> ((DnsKey) t.key()).path()).contains("nodelocal");
    assertThat(tasks).extracting(t -> t.target().host()).doesNotContain("fd00:ec2::253");
    assertThat(tasks).extracting(Task::id).doesNotHaveDuplicates();
  }

  @Test
  void aClusterOfIp6IsAskedForIp6() {
    assertThat(lines(plan(Optional.of("fd30::1"), List.of("fd30::a"), Set.of())))
        .contains(
            "service[] internal AAAA udp fd30::a:53 kubernetes.default.svc.cluster.local. NOERROR");
  }

  @Test
  void aNameserverThatIsNotKubeDnsIsNotCalledTheService() {
    assertThat(plan(Optional.of("10.100.0.1"), List.of("10.0.0.2"), Set.of()).tasks())
        .extracting(t -> ((DnsKey) t.key()).path())
        .containsOnly("resolvconf");
  }

  @Test
  void theServiceIsAskedBesideWhatResolvConfNames() {
    var suite =
        new DnsSuite(
            new SuiteSchedule(true, EVERY, TIMEOUT),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true);
    var apiServer = Optional.of("10.100.0.1");
    assertThat(DnsSuitePlan.optionalServers(suite, apiServer)).contains("10.100.0.10");
    assertThat(DnsSuitePlan.optionalServers(suite, Optional.empty()))
        .isEqualTo(DnsSuitePlan.optionalServers(suite, Optional.of("api.example.com")))
        .containsExactly("169.254.20.10", "169.254.169.253", "fd00:ec2::253");
    for (var resolvConf : List.of("169.254.20.10", "10.0.0.2")) {
      assertThat(lines(plan(apiServer, List.of(resolvConf), Set.of("10.100.0.10"))))
          .contains(
              "service[] internal A udp 10.100.0.10:53 kubernetes.default.svc.cluster.local. NOERROR");
    }
  }

  @Test
  void idsHoldTheNodeAndTimesAreTheSuites() {
    var task = plan(Optional.of("10.100.0.1"), List.of("10.100.0.10"), Set.of()).tasks().get(0);
    assertThat(task.id()).isEqualTo("node-1/dns/service/10.100.0.10/internal/udp");
    assertThat(task.interval()).isEqualTo(EVERY);
    assertThat(task.timeout()).isEqualTo(TIMEOUT);
    assertThat(task.kind()).isEqualTo("dns");
  }

  @Test
  void theSamePlanHasTheSameTasks() {
    var one = plan(Optional.of("10.100.0.1"), List.of("10.100.0.10"), Set.of());
    assertThat(TaskDiff.between(one.tasks(), one.tasks()))
        .isEqualTo(new TaskDiff(List.of(), List.of()));
  }

  @Test
  void kubeDnsFollowsFromTheServiceOfTheApiServer() {
    assertThat(ok("10.100.0.1", "10.100.0.10")).contains(true);
    assertThat(ok("172.20.0.1", "172.20.0.10")).contains(true);
    assertThat(ok("fd30:1::1", "fd30:1::a")).contains(true);
    assertThat(ok("10.100.0.1", "169.254.20.10")).contains(true);
    assertThat(ok("10.100.0.1", "172.20.0.10")).contains(false);
    assertThat(ok("10.100.0.1", "10.100.0.10", "8.8.8.8")).contains(false);
    assertThat(ok("api.example.com", "10.100.0.10")).isEmpty();
    assertThat(ok("api.example.com", "169.254.20.10")).contains(true);
    assertThat(ok("10.0.5.7", "10.100.0.10")).isEmpty();
    assertThat(ClusterDns.nameserversOk(conf(List.of("10.0.0.2")), Optional.empty())).isEmpty();
  }

  private static Optional<Boolean> ok(String serviceHost, String... nameservers) {
    return ClusterDns.nameserversOk(conf(List.of(nameservers)), Optional.of(serviceHost));
  }

  @Test
  void exportsSearchCostByQueryClass() {
    assertThat(
            SearchCost.byQueryClass(
                conf(List.of("10.100.0.10")),
                Optional.of("cluster.local."),
                Optional.of("eu-west-1"),
                Optional.of("example.com")))
        .isEqualTo(Map.of("internal", 2, "aws", 4, "external", 4));
    assertThat(
            SearchCost.byQueryClass(
                new ResolvConf(List.of("10.0.0.2"), List.of(), 1),
                Optional.of("cluster.local"),
                Optional.empty(),
                Optional.of("example.com")))
        .isEqualTo(Map.of("external", 0));
  }
}
