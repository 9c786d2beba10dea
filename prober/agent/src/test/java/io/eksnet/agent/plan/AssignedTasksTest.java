package io.eksnet.agent.plan;

import static io.eksnet.plan.Cluster.SUITES;
import static io.eksnet.probe.net.RawServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.eksnet.agent.plan.Assignment.Annotated;
import io.eksnet.agent.plan.Assignment.DnsBackend;
import io.eksnet.agent.plan.Assignment.EndpointCall;
import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.Peer;
import io.eksnet.agent.plan.Assignment.ResourceProbe;
import io.eksnet.agent.plan.Assignment.ServiceCall;
import io.eksnet.agent.plan.Assignment.TargetCall;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.DnsSuite;
import io.eksnet.config.ProbeResourceSettings;
import io.eksnet.config.Settings;
import io.eksnet.config.SuiteSchedule;
import io.eksnet.config.Suites;
import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Task;
import io.eksnet.probe.ProbeKinds;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.dns.DnsSettings;
import io.eksnet.probe.grpc.GrpcSettings;
import io.eksnet.probe.http.HttpSettings;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.RawServer;
import io.eksnet.probe.tcp.TcpSettings;
import io.eksnet.probe.tls.TlsProbeSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignedTasksTest {
  private static final String LB = "shop.eu-central-1.elb.amazonaws.com";
  private static final Bench bench =
      Bench.with(
          Map.of(
              "backend.shop.svc.cluster.local.",
              List.of("127.0.0.1"),
              LB + ".",
              List.of("127.0.0.1", "127.0.0.2")));

  @AfterAll
  static void close() {
    bench.close();
  }

  private static List<Task> tasks(Assignment... assignments) {
    return AssignedTasks.of(
        new AgentPlan("n-0", "a", List.of(assignments)), SUITES, ProbeResourceSettings.NONE, false);
  }

  private static List<String> lines(Assignment... assignments) {
    return tasks(assignments).stream().map(AssignedTasksTest::line).toList();
  }

  @Test
  void separatesAssignedTasksFromOwnTasks() {
    var assigned =
        tasks(
            new DnsBackend("10.0.9.1"),
            new ServiceCall("shop", "backend", "10.100.0.7", 80, "http", "/"),
            new Peer("n-1", "b", "10.0.1.7", 9853),
            new TargetCall("tg", "10.2.0.1", 80, "http", "/up", List.of("200-299")),
            new LbCall("shop", LB, 443, "https", "", "/", List.of("200"), false),
            new Annotated("service/shop/db", "tcp", "a.b:1", Duration.ofSeconds(20), List.of()));
    assertThat(assigned).hasSize(8).allMatch(task -> task.origin() == Task.Origin.PLAN);

    var own =
        new HostSuites("n-0", SUITES, Optional.of("10.100.0.1"), Optional.of("10.0.0.1")).tasks();
    assertThat(own).isNotEmpty().noneMatch(task -> task.origin() == Task.Origin.PLAN);
  }

  private static String line(Task task) {
    var target = task.target();
    return String.join(
        " ",
        task.id(),
        task.kind(),
        (target.secure() ? "s:" : "") + target.host() + ":" + target.port() + target.path(),
        settings(task.settings()),
        task.interval().toSeconds() + "s/" + task.timeout().toSeconds() + "s");
  }

  private static String settings(Record settings) {
    if (settings instanceof HttpSettings http) {
      return String.join(
          " ",
          http.method(),
          "host=" + http.host().orElse(""),
          "address=" + http.address().orElse(""),
          "" + http.addresses(),
          "" + http.version(),
          http.headers().toString(),
          http.expect().status().toString(),
          "redirects=" + http.maxRedirects(),
          http.tls().insecureSkipVerify() ? "unverified" : "verified");
    }
    if (settings instanceof DnsSettings dns) {
      return dns.query().orElseThrow() + " " + dns.type() + " " + dns.proto();
    }
    if (settings instanceof GrpcSettings grpc) {
      return "authority="
          + grpc.authority().orElse("")
          + (grpc.tls().insecureSkipVerify() ? " unverified" : " verified");
    }
    if (settings instanceof TlsProbeSettings tls) {
      return "sni=" + tls.tls().serverName().orElse("");
    }
    return "connect " + ((TcpSettings) settings).addresses();
  }

  @Test
  void aPodOfCoreDnsIsAskedForANameInsideAndOneOutside() {
    assertThat(lines(new DnsBackend("10.0.9.1"), new DnsBackend("fd00::9")))
        .containsExactly(
            "n-0/dns/backend/10.0.9.1/internal/udp dns 10.0.9.1:53"
                + " kubernetes.default.svc.cluster.local. A UDP 15s/5s",
            "n-0/dns/backend/10.0.9.1/external/udp dns 10.0.9.1:53 example.com. A UDP 15s/5s",
            "n-0/dns/backend/fd00::9/internal/udp dns fd00::9:53"
                + " kubernetes.default.svc.cluster.local. AAAA UDP 15s/5s",
            "n-0/dns/backend/fd00::9/external/udp dns fd00::9:53 example.com. A UDP 15s/5s");
    assertThat(tasks(new DnsBackend("10.0.9.1")).get(0).key())
        .isEqualTo(new SeriesKey.DnsKey("backend", "10.0.9.1", "internal", "A", "udp"));
  }

  @Test
  void aServiceIsCalledByNameAndByClusterIp() {
    var call = new ServiceCall("shop", "backend", "10.100.0.7", 8443, "https", "/up");
    assertThat(lines(call))
        .containsExactly(
            "n-0/service/shop/backend/name http s:backend.shop.svc.cluster.local:8443/up"
                + " GET host= address=backend.shop.svc.cluster.local. ONE AUTO {}"
                + " [1xx, 2xx, 3xx, 4xx] redirects=0 unverified 30s/5s",
            "n-0/service/shop/backend/cluster_ip http s:backend.shop.svc.cluster.local:8443/up"
                + " GET host= address=10.100.0.7 ONE AUTO {}"
                + " [1xx, 2xx, 3xx, 4xx] redirects=0 unverified 30s/5s");
    assertThat(tasks(call).stream().map(Task::key))
        .containsExactly(
            new SeriesKey.ServiceKey("shop", "backend", "name"),
            new SeriesKey.ServiceKey("shop", "backend", "cluster_ip"));
  }

  @Test
  void aHeadlessServiceIsCalledByNameOnly() {
    assertThat(lines(new ServiceCall("shop", "backend", "", 5432, "tcp", "")))
        .containsExactly(
            "n-0/service/shop/backend/name tcp backend.shop.svc.cluster.local.:5432 connect ONE"
                + " 30s/5s");
  }

  @Test
  void withoutADomainOfTheClusterServicesHaveNoNames() {
    var dns = SUITES.dns();
    var suites =
        with(
            new DnsSuite(
                new SuiteSchedule(true, dns.interval(), dns.timeout()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true));
    var plan =
        new AgentPlan(
            "n-0",
            "a",
            List.of(
                new DnsBackend("10.0.9.1"),
                new ServiceCall("shop", "backend", "10.100.0.7", 80, "http", "/")));
    assertThat(
            AssignedTasks.of(plan, suites, ProbeResourceSettings.NONE, false).stream()
                .map(Task::id))
        .containsExactly("n-0/service/shop/backend/cluster_ip");
  }

  @Test
  void aPeerIsReachedWhateverItAnswers() {
    var peer = new Peer("n-1", "b", "10.0.1.7", 9853);
    assertThat(lines(peer))
        .containsExactly(
            "n-0/pod/n-1 http 10.0.1.7:9853/-/healthy GET host= address= ONE AUTO {}"
                + " [1xx, 2xx, 3xx, 4xx, 5xx] redirects=0 verified 15s/2s");
    assertThat(tasks(peer).get(0).key()).isEqualTo(new SeriesKey.PodKey("n-1", "a", "b"));
  }

  @Test
  void whereAgentsServeTlsTheConnectionIsEnough() {
    var plan = new AgentPlan("n-0", "a", List.of(new Peer("n-1", "b", "10.0.1.7", 9853)));
    assertThat(
            AssignedTasks.of(plan, SUITES, ProbeResourceSettings.NONE, true).stream()
                .map(AssignedTasksTest::line))
        .containsExactly("n-0/pod/n-1 tcp 10.0.1.7:9853 connect ONE 15s/2s");
  }

  @Test
  void aTargetIsAskedInTheWordsOfTheHealthChecker() {
    var call = new TargetCall("tg", "10.2.0.1", 80, "http", "/up", List.of("200-299"));
    assertThat(lines(call))
        .containsExactly(
            "n-0/target/tg/10.2.0.1 http 10.2.0.1:80/up GET host=10.2.0.1:80 address= ONE HTTP1"
                + " {User-Agent=ELB-HealthChecker/2.0} [200-299] redirects=0 unverified 30s/5s");
    assertThat(tasks(call).get(0).key()).isEqualTo(new SeriesKey.TargetKey("tg", "10.2.0.1"));
  }

  @Test
  void aLoadBalancerIsCalledAtEachAddressWithTheHostOfItsRule() {
    var call = new LbCall("shop", LB, 443, "https", "shop.example.com", "/", List.of(), true);
    assertThat(lines(call))
        .containsExactly(
            "n-0/lb/shop/443/shop.example.com http s:shop.example.com:443/ GET host= address="
                + LB
                + ". ALL AUTO {} [served] redirects=0 verified 30s/10s");
    assertThat(tasks(call).get(0).key())
        .isEqualTo(new SeriesKey.LbKey("shop", "443 shop.example.com"));
  }

  @Test
  void aLoadBalancerWithoutAHostIsCalledByItsOwnName() {
    assertThat(
            lines(
                new LbCall("shop", LB, 443, "https", "", "/", List.of("200"), false),
                new LbCall("shop", LB, 5432, "tcp", "", "", List.of(), false)))
        .containsExactly(
            "n-0/lb/shop/443/ http s:"
                + LB
                + ":443/ GET host= address="
                + LB
                + ". ALL AUTO {} [200] redirects=0 unverified 30s/10s",
            "n-0/lb/shop/5432/ tcp " + LB + ".:5432 connect ALL 30s/10s");
  }

  @Test
  void annotatedProbesAreMarkedAndJudgedByTheirOwnWords() {
    assertThat(
            lines(
                annotated("service/shop/web", "http", "https://web.shop.svc.cluster.local:443/up"),
                annotated("ingress/shop/web", "http", "http://shop.example.com:80/"),
                annotated("ingress/shop/tls", "tls", "shop.example.com:443"),
                annotated("service/shop/api", "grpc", "grpc://api.shop.svc.cluster.local:50051"),
                annotated("ingress/shop/api", "grpc", "grpcs://shop.example.com:443"),
                annotated("httproute/shop/web", "http", "https://shop.example.com:8443/"),
                annotated("service/shop/db", "tcp", "db.shop.svc.cluster.local:5432"),
                annotated("service/shop/ip", "tcp", "[fd00::7]:5432")))
        .containsExactly(
            "n-0/annotation:service/shop/web/http http s:web.shop.svc.cluster.local:443/up GET"
                + " host= address=web.shop.svc.cluster.local. ONE AUTO {} [2xx] redirects=0"
                + " unverified 20s/5s",
            "n-0/annotation:ingress/shop/web/http http shop.example.com:80/ GET host="
                + " address=shop.example.com. ONE AUTO {} [2xx] redirects=0 verified 20s/10s",
            "n-0/annotation:ingress/shop/tls/tls tls s:shop.example.com.:443"
                + " sni=shop.example.com 20s/10s",
            "n-0/annotation:service/shop/api/grpc grpc api.shop.svc.cluster.local.:50051"
                + " authority=api.shop.svc.cluster.local:50051 unverified 20s/5s",
            "n-0/annotation:ingress/shop/api/grpc grpc s:shop.example.com.:443"
                + " authority=shop.example.com:443 verified 20s/10s",
            "n-0/annotation:httproute/shop/web/http http s:shop.example.com:8443/ GET host="
                + " address=shop.example.com. ONE AUTO {} [2xx] redirects=0 verified 20s/10s",
            "n-0/annotation:service/shop/db/tcp tcp db.shop.svc.cluster.local.:5432 connect ONE"
                + " 20s/5s",
            "n-0/annotation:service/shop/ip/tcp tcp fd00::7:5432 connect ONE 20s/5s");
    assertThat(tasks(annotated("ingress/shop/tls", "tls", "shop.example.com:443")).get(0).key())
        .isEqualTo(
            new SeriesKey.UserProbeKey(
                "annotation:ingress/shop/tls", "tls", "shop.example.com:443"));
  }

  private static Annotated annotated(String name, String kind, String target) {
    return new Annotated(name, kind, target, Duration.ofSeconds(20), List.of());
  }

  @Test
  void aShortIntervalHasATimeoutThatIsShorter() {
    var probe = new Annotated("service/shop/db", "tcp", "a.b:1", Duration.ofSeconds(1), List.of());
    assertThat(tasks(probe).get(0).timeout()).isEqualTo(Duration.ofMillis(500));
  }

  /** An agent does not stumble over a plan that it has read. */
  @Test
  void whateverCanBeAssignedCanBeDone() {
    var label = "-".repeat(63);
    var name = String.join(".", label, label, label) + ".x" + "-".repeat(59);
    var path = "/" + "\"".repeat(511);
    var address = "fd00:1111:2222:3333:4444:5555:6666:7777";
    var assignments =
        List.of(
            new DnsBackend(address),
            new ServiceCall(label, label, address, 65_535, "https", path),
            new ServiceCall(label, label, address, 65_535, "tls", ""),
            new Peer("n".repeat(253), "z".repeat(64), address, 65_535),
            new TargetCall("t".repeat(128), address, 65_535, "https", path, List.of("200")),
            new TargetCall("t", address, 1, "tls", "", List.of()),
            new LbCall("l".repeat(128), name, 65_535, "https", name, path, List.of("599"), true),
            new LbCall("l", "xn--.xn--", 1, "http", "_.a_", "/", List.of(), false),
            new LbCall("l", name, 1, "tls", name, "", List.of(), true),
            annotated("service/a/b", "tcp", name.substring(4) + ":1"),
            annotated("service/a/c", "tls", "[" + address + "]:1"),
            annotated("service/a/d", "grpc", "grpcs://[" + address + "]:1"),
            annotated("service/a/e", "grpc", "grpc://" + name.substring(11) + ":1"),
            annotated("service/a/d", "http", "https://[" + address + "]:1/" + "%".repeat(190)),
            annotated("ingress/a/b", "http", "https://" + name.substring(20)));
    var plan = new AgentPlan("n".repeat(253), "", List.copyOf(assignments));
    assertThat(AssignedTasks.of(plan, SUITES, ProbeResourceSettings.NONE, false)).hasSize(16);
  }

  @Test
  void whatIsAssignedTwiceIsDoneOnce() {
    var one = new ServiceCall("shop", "backend", "", 80, "tcp", "");
    var other = new ServiceCall("shop", "backend", "", 81, "tcp", "");
    assertThat(tasks(one, other)).hasSize(1);
  }

  @Test
  void aSuiteThatTheAgentSwitchedOffStaysOff() {
    var dns = SUITES.dns();
    var off =
        with(
            new DnsSuite(
                new SuiteSchedule(false, dns.interval(), dns.timeout()),
                dns.clusterDomain(),
                Optional.empty(),
                Optional.empty(),
                true));
    var plan = new AgentPlan("n-0", "a", List.of(new DnsBackend("10.0.9.1")));
    assertThat(AssignedTasks.of(plan, off, ProbeResourceSettings.NONE, false)).isEmpty();
  }

  @Test
  void callsEndpointsWithoutCredentials() {
    var plan =
        new AgentPlan(
            "n-0",
            "a",
            List.of(
                new EndpointCall("ec2", "ec2.eu-central-1.amazonaws.com", false),
                new EndpointCall(
                    "ecr.dkr", "111122223333.dkr.ecr.eu-central-1.amazonaws.com", true),
                new EndpointCall(
                    "kube-apiserver", "0A1B.gr7.eu-central-1.eks.amazonaws.com", false)));
    var tasks = AssignedTasks.of(plan, SUITES, ProbeResourceSettings.NONE, false);

    assertThat(tasks)
        .extracting(Task::id, Task::kind, task -> task.target().host() + task.target().path())
        .containsExactly(
            tuple("n-0/endpoints/ec2", "tls", "ec2.eu-central-1.amazonaws.com."),
            tuple(
                "n-0/endpoints/ecr.dkr",
                "http",
                "111122223333.dkr.ecr.eu-central-1.amazonaws.com/v2/"),
            tuple(
                "n-0/endpoints/kube-apiserver", "tls", "0A1B.gr7.eu-central-1.eks.amazonaws.com."));
    assertThat(tasks)
        .allSatisfy(
            task -> {
              assertThat(task.target().port()).isEqualTo(443);
              assertThat(task.target().secure()).isTrue();
              assertThat(task.interval()).isEqualTo(Duration.ofMinutes(1));
            });
    var ec2 = (TlsProbeSettings) tasks.get(0).settings();
    assertThat(ec2.tls().insecureSkipVerify()).isFalse();
    assertThat(ec2.addresses()).isEqualTo(AddressSelection.ONE);
    assertThat(((HttpSettings) tasks.get(1).settings()).addresses())
        .isEqualTo(AddressSelection.ALL);
    assertThat(((TlsProbeSettings) tasks.get(2).settings()).tls().insecureSkipVerify()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "ec2, eu-west-1, ec2.eu-west-1.amazonaws.com",
    "ecr.api, us-gov-west-1, api.ecr.us-gov-west-1.amazonaws.com",
    "ecr.api, cn-north-1, api.ecr.cn-north-1.amazonaws.com.cn",
    "eks-auth, eu-west-1, eks-auth.eu-west-1.api.aws",
    "eks-auth, cn-northwest-1, eks-auth.cn-northwest-1.api.amazonwebservices.com.cn",
    "route53, ap-south-1, route53.amazonaws.com",
    "route53, cn-north-1, route53.amazonaws.com.cn",
    "route53, us-gov-east-1, route53.us-gov.amazonaws.com"
  })
  void namesEndpointsByRegionAndPartition(String service, String region, String host) {
    assertThat(AwsDomain.endpoint(service, region)).isEqualTo(host);
  }

  @Test
  void stsIsReachedInItsRegion() {
    assertThat(
            StsSuitePlan.tasks("n-0", SUITES.sts(), Optional.of("eu-central-1")).stream()
                .map(AssignedTasksTest::line))
        .containsExactly(
            "n-0/sts http s:sts.eu-central-1.amazonaws.com:443/ GET host="
                + " address=sts.eu-central-1.amazonaws.com. ONE AUTO {}"
                + " [1xx, 2xx, 3xx, 4xx, 5xx] redirects=0 verified 60s/5s");
    assertThat(
            StsSuitePlan.tasks("n-0", SUITES.sts(), Optional.of("cn-north-1"))
                .get(0)
                .target()
                .host())
        .isEqualTo("sts.cn-north-1.amazonaws.com.cn");
    assertThat(StsSuitePlan.tasks("n-0", SUITES.sts(), Optional.of(""))).isEmpty();
  }

  @Test
  void aServiceHearsItsNameInTheHostHeaderOnBothWays() throws IOException {
    var requests = new java.util.concurrent.CopyOnWriteArrayList<String>();
    try (var server = recording(requests, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")) {
      var call = new ServiceCall("shop", "backend", "127.0.0.1", server.port(), "http", "/up?a=b");
      assertThat(tasks(call).stream().map(AssignedTasksTest::run))
          .hasSize(2)
          .allMatch(Outcome::succeeded);
      assertThat(requests)
          .hasSize(2)
          .allMatch(request -> request.startsWith("GET /up?a=b HTTP/1.1\r\n"))
          .allMatch(
              request -> request.contains("host: backend.shop.svc.cluster.local:" + server.port()));
    }
  }

  @Test
  void aServiceThatAnswersWithAServerErrorFails() throws IOException {
    var requests = new java.util.concurrent.CopyOnWriteArrayList<String>();
    try (var server = recording(requests, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")) {
      var call = new ServiceCall("shop", "backend", "127.0.0.1", server.port(), "http", "/");
      assertThat(Bench.failure(run(tasks(call).get(1))).cause()).isEqualTo(Cause.HTTP_STATUS);
    }
  }

  @Test
  void aTargetHearsAHealthChecker() throws IOException {
    var requests = new java.util.concurrent.CopyOnWriteArrayList<String>();
    try (var server = recording(requests, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      var call = new TargetCall("tg", "127.0.0.1", server.port(), "http", "/up", List.of("200"));
      assertThat(run(tasks(call).get(0)).succeeded()).isTrue();
      assertThat(requests).hasSize(1);
      assertThat(requests.get(0))
          .contains("host: 127.0.0.1:" + server.port() + "\r\n")
          .contains("user-agent: elb-healthchecker/2.0\r\n");
    }
  }

  @Test
  void aLoadBalancerHearsTheHostOfTheRuleAtEachOfItsAddresses() throws IOException {
    var requests = new java.util.concurrent.CopyOnWriteArrayList<String>();
    try (var one = recording(requests, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        var other =
            RawServer.on(
                "127.0.0.2",
                one.port(),
                answer("HTTP/1.1 503 No\r\nServer: awselb/2.0\r\nContent-Length: 0\r\n\r\n"))) {
      var call =
          new LbCall("shop", LB, one.port(), "http", "shop.example.com", "/", List.of(), false);
      var parts = ((Outcome.Several) run(tasks(call).get(0))).parts();
      assertThat(parts).hasSize(2);
      assertThat(parts.get(0).outcome().succeeded()).isTrue();
      assertThat(Bench.failure(parts.get(1).outcome()).cause()).isEqualTo(Cause.HTTP_STATUS);
      assertThat(requests.get(0)).contains("host: shop.example.com:" + one.port() + "\r\n");
      assertThat(other.port()).isEqualTo(one.port());
    }
  }

  /** Records requests, in lower case but for their first line. */
  private static RawServer recording(List<String> requests, String response) {
    return RawServer.of(
        socket -> {
          var request = RawServer.request(socket.getInputStream());
          var line = request.indexOf("\r\n");
          requests.add(
              request.substring(0, line)
                  + request.substring(line).toLowerCase(java.util.Locale.ROOT));
          RawServer.say(socket, response);
        });
  }

  private static Outcome run(Task task) {
    @SuppressWarnings("unchecked")
    var kind =
        (ProbeKind<Record>)
            ProbeKinds.all().stream()
                .filter(known -> known.name().equals(task.kind()))
                .findFirst()
                .orElseThrow();
    try (var probe = kind.create(task.settings(), bench.network())) {
      return Bench.await(probe.run(task.target(), Duration.ofSeconds(15)));
    }
  }

  private static Suites with(DnsSuite dns) {
    return new Suites(
        dns,
        SUITES.service(),
        SUITES.pod(),
        SUITES.target(),
        SUITES.lb(),
        SUITES.sts(),
        SUITES.endpoints(),
        SUITES.identity(),
        SUITES.ipamd(),
        SUITES.ena());
  }

  private static final ResourceProbe RESOURCE_PROBE =
      new ResourceProbe(
          "probe/shop/checkout",
          "http_2xx",
          "https://shop.example.com/up",
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Map.of("team", "shop", "env", "mine"));

  private static Settings settings(String yaml) {
    return ((ConfigResult.Valid) ConfigReader.read(yaml, ProbeKinds.byName())).settings();
  }

  @Test
  void probesTargetsOfProbeResourcesWithTheModuleOfItsOwnConfig() {
    var settings =
        settings(
            """
            labels: {env: prod}
            probe_resources:
              hosts: ['*.example.com']
              modules: {http_2xx: {kind: http, method: HEAD, expect: {status: [204]}}}
            """);
    var plan = new AgentPlan("n-0", "a", List.of(RESOURCE_PROBE));

    var task = AssignedTasks.of(plan, settings, false).get(0);

    assertThat(AssignedTasks.refused(plan, settings.probeResources())).isEmpty();
    assertThat(line(task))
        .startsWith("n-0/probe:shop/checkout/http/https://shop.example.com/up http")
        .endsWith("30s/10s");
    assertThat(task.key())
        .isEqualTo(
            new SeriesKey.UserProbeKey(
                "probe:shop/checkout", "http", "https://shop.example.com/up"));
    assertThat(((HttpSettings) task.settings()).method()).isEqualTo("HEAD");
    assertThat(((HttpSettings) task.settings()).expect().status()).containsExactly("204");
    assertThat(task.labels()).isEqualTo(Map.of("team", "shop"));
    assertThat(task.origin()).isEqualTo(Task.Origin.PLAN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|the module \"http_2xx\" is not one of probe_resources.modules",
        "{hosts: ['*'], modules: {tcp: {kind: tcp}}}|the module \"http_2xx\" is not one of"
            + " probe_resources.modules",
        "{modules: {http_2xx: {kind: http}}}|the host \"shop.example.com\" is not in"
            + " probe_resources.hosts",
        "{hosts: [example.com, 10.0.0.0/8], modules: {http_2xx: {kind: http}}}|the host"
            + " \"shop.example.com\" is not in probe_resources.hosts",
        "{hosts: ['*'], modules: {http_2xx: {kind: tcp}}}|port",
      })
  void refusesTargetsOfProbeResourcesThatItsOwnConfigDoesNotAllow(String yaml, String reason) {
    var settings = settings("probe_resources: " + yaml);
    var plan = new AgentPlan("n-0", "a", List.of(RESOURCE_PROBE));

    assertThat(AssignedTasks.of(plan, settings, false)).isEmpty();
    assertThat(AssignedTasks.refused(plan, settings.probeResources()))
        .hasSize(1)
        .hasEntrySatisfying(
            "probe/shop/checkout https://shop.example.com/up",
            text -> assertThat(text).contains(reason));
  }
}
