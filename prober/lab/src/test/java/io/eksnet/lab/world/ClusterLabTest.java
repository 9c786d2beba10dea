package io.eksnet.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.lab.Awaiting;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.Ipamd;
import io.eksnet.lab.cluster.KubeService;
import io.eksnet.lab.cluster.LoadBalancer;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.Pod;
import io.eksnet.lab.cluster.Subnet;
import io.eksnet.lab.cluster.VpcResolver;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class ClusterLabTest {
  private final ClusterLab lab = ClusterLab.start(100);
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void namesLeadToClusterIpsAndTheseToPods() throws Exception {
    var dns = lab.ground().clusterIp(10);
    assertThat(ask(dns, "backend.shop.svc.cluster.local."))
        .containsExactly(lab.ground().clusterIp(22));
    assertThat(ask(dns, "eksnet-agents.eksnet.svc.cluster.local.")).hasSize(6);
    assertThat(ask(dns, "example.com.")).containsExactly(lab.ground().outside(200));
    assertThat(rcode(dns, "no-such.shop.svc.cluster.local.")).isEqualTo(Rcode.NXDOMAIN);
    for (var pod :
        lab.state().get(KubeService.class, "kube-system/kube-dns").backends(lab.state())) {
      assertThat(ask(pod.ip(), "kubernetes.default.svc.cluster.local."))
          .containsExactly(lab.ground().clusterIp(1));
    }
    var lb = lab.state().all(LoadBalancer.class).get(0);
    assertThat(ask(lab.ground().vpcResolver(), lb.host() + ".")).hasSize(3);
    assertThat(ask(lab.ground().vpcResolver(), "sts.eu-west-1.amazonaws.com.")).hasSize(2);

    assertThat(get(lab.ground().clusterIp(22), lab.ground().service(), "/ok")).isEqualTo("ok\n");
    assertThat(get(lab.ground().clusterIp(1), lab.ground().service(), "/version")).contains("33");
  }

  @Test
  void withoutReadyCoreDnsTheClusterIpRefusesAndThePodsListenOn() throws Exception {
    lab.change(
        state ->
            state.change(
                Pod.class,
                pod -> pod.labels().containsValue("kube-dns") ? pod.withReady(false) : pod));

    assertThatThrownBy(() -> ask(lab.ground().clusterIp(10), "example.com."))
        .isInstanceOf(PortUnreachableException.class);
    var pod = lab.state().get(Pod.class, "kube-system/coredns-5d4f8b6c7-0");
    assertThat(ask(pod.ip(), "example.com.")).hasSize(1);
  }

  @Test
  void faultsOfNameServersAreTheirOwn() throws Exception {
    lab.change(
        state ->
            state
                .change(
                    Pod.class, "kube-system/coredns-5d4f8b6c7-0", pod -> pod.withFault("servfail"))
                .with(new VpcResolver("refused")));

    var sick = lab.state().get(Pod.class, "kube-system/coredns-5d4f8b6c7-0").ip();
    var well = lab.state().get(Pod.class, "kube-system/coredns-5d4f8b6c7-1").ip();
    assertThat(rcode(sick, "example.com.")).isEqualTo(Rcode.SERVFAIL);
    assertThat(rcode(well, "kubernetes.default.svc.cluster.local.")).isEqualTo(Rcode.NOERROR);
    assertThat(rcode(lab.ground().vpcResolver(), "example.com.")).isEqualTo(Rcode.REFUSED);
    assertThat(rcode(lab.ground().clusterIp(10), "kubernetes.default.svc.cluster.local."))
        .isEqualTo(Rcode.NOERROR);
  }

  @Test
  void aServiceWithoutReadyEndpointsIsClosed() throws Exception {
    lab.change(
        state ->
            state.change(
                Pod.class,
                pod -> pod.labels().containsValue("backend") ? pod.withReady(false) : pod));

    assertThatThrownBy(() -> get(lab.ground().clusterIp(22), lab.ground().service(), "/ok"))
        .isInstanceOf(java.net.ConnectException.class);
    assertThat(get(lab.ground().clusterIp(21), lab.ground().service(), "/ok")).isEqualTo("ok\n");
  }

  @Test
  void agentsInAllZonesSayTheirHealth() throws Exception {
    var agents =
        lab.state().all(Pod.class).stream()
            .filter(pod -> pod.namespace().equals("eksnet"))
            .toList();
    for (var agent : agents) {
      assertThat(get(agent.ip(), lab.ground().health(), "/-/healthy")).isEqualTo("ok\n");
    }
    assertThat(agents.stream().map(a -> lab.state().get(Node.class, a.node()).zone()).distinct())
        .hasSize(3);
  }

  @Test
  void theAddressManagerCountsWhatTheNodeHas() throws Exception {
    var node = lab.state().all(Node.class).get(0);
    var page = get(node.address(), lab.ground().ipamd(), "/metrics");
    long pods =
        lab.state().all(Pod.class).stream()
            .filter(pod -> pod.node().equals(node.name()) && !pod.hostNetwork())
            .count();
    assertThat(page)
        .contains("awscni_eni_allocated 2\n")
        .contains("awscni_assigned_ip_addresses " + pods + "\n");

    lab.change(
        state ->
            state.with(
                new Ipamd(
                    node.name(),
                    true,
                    4,
                    Map.of("CreateNetworkInterface InsufficientFreeAddressesInSubnet", 7L))));
    assertThat(get(node.address(), lab.ground().ipamd(), "/metrics"))
        .contains("awscni_no_available_ip_addresses 4\n")
        .contains(
            "awscni_aws_api_error_count{api=\"CreateNetworkInterface\","
                + "error=\"InsufficientFreeAddressesInSubnet\"} 7\n");

    lab.change(state -> state.with(new Ipamd(node.name(), false, 0, Map.of())));
    assertThatThrownBy(() -> get(node.address(), lab.ground().ipamd(), "/metrics"))
        .isInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void thePodIdentityAgentIsAsGoodAsItsPods() throws Exception {
    var ground = lab.ground();
    assertThat(get(ground.identityAddress(), ground.identity(), "/readyz")).isNotNull();

    lab.change(
        state ->
            state.change(
                Pod.class,
                pod ->
                    pod.serviceAccount().equals("eks-pod-identity-agent")
                        ? pod.withReady(false)
                        : pod));

    assertThatThrownBy(() -> get(ground.identityAddress(), ground.identity(), "/readyz"))
        .isInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void allServersShowOneState() throws Exception {
    var subnet = HealthyCluster.subnet("private", "b");
    try (var client =
        new KubernetesClientBuilder()
            .withConfig(
                new io.fabric8.kubernetes.client.ConfigBuilder(
                        io.fabric8.kubernetes.client.Config.empty())
                    .withMasterUrl(lab.kube().url())
                    .build())
            .build()) {
      lab.change(
          state ->
              state
                  .change(Subnet.class, subnet, one -> one.withAvailable(3))
                  .change(Pod.class, "shop/backend-6b7c8d9f4-4", Pod::withoutAddress));

      assertThat(
              client
                  .pods()
                  .inNamespace("shop")
                  .withName("backend-6b7c8d9f4-4")
                  .get()
                  .getStatus()
                  .getPhase())
          .isEqualTo("Pending");
      assertThat(describeSubnets())
          .contains("<availableIpAddressCount>3</availableIpAddressCount>");
      assertThat(lab.aws().calls("ec2:DescribeSubnets")).isEqualTo(1);
    }
  }

  private String describeSubnets() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(lab.aws().url()))
            .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=lab/20261121/eu-west-1/ec2/aws4_request, x")
            .POST(HttpRequest.BodyPublishers.ofString("Action=DescribeSubnets&Version=2016-11-15"))
            .build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  @Test
  void labsStandBesideEachOtherAndLeaveNothing() throws Exception {
    try (var other = ClusterLab.start(100)) {
      assertThat(other.ground().vpc()).isNotEqualTo(lab.ground().vpc());
      assertThat(other.guide()).contains(other.kube().url()).contains(other.aws().url());
    }
    lab.close();
    Awaiting.becomes(ClusterLabTest::threads, Set.of());
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("lab-") || name.startsWith("vert.x-eventloop"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<String> ask(String server, String name) throws IOException {
    return send(server, name).getSection(Section.ANSWER).stream()
        .filter(record -> record.getType() == Type.A)
        .map(Record::rdataToString)
        .toList();
  }

  private int rcode(String server, String name) throws IOException {
    return send(server, name).getRcode();
  }

  private Message send(String server, String name) throws IOException {
    var resolver = new SimpleResolver(new InetSocketAddress(server, lab.ground().dns()));
    resolver.setTimeout(Duration.ofSeconds(10));
    var question = Record.newRecord(Name.fromString(name), Type.A, DClass.IN);
    return resolver.send(Message.newQuery(question));
  }

  private String get(String address, int port, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
            .timeout(Duration.ofSeconds(15))
            .build();
    return http.send(request, BodyHandlers.ofString()).body();
  }
}
