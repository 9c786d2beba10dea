package io.eksnet.lab.world;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.lab.Awaiting;
import io.eksnet.lab.cluster.AwsResource.LoadBalancer;
import io.eksnet.lab.cluster.Behavior.Ipamd;
import io.eksnet.lab.cluster.KubeResource.KubeService;
import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    var dns = lab.network().clusterIp(10);
    assertThat(ask(dns, "backend.shop.svc.cluster.local."))
        .containsExactly(lab.network().clusterIp(22));
    assertThat(ask(dns, "eksnet-agents.eksnet.svc.cluster.local.")).hasSize(6);
    assertThat(ask(dns, "example.com.")).containsExactly(lab.network().publicAddress(200));
    assertThat(rcode(dns, "no-such.shop.svc.cluster.local.")).isEqualTo(Rcode.NXDOMAIN);
    for (var pod :
        lab.state().get(KubeService.class, "kube-system/kube-dns").backends(lab.state())) {
      assertThat(ask(pod.ip(), "kubernetes.default.svc.cluster.local."))
          .containsExactly(lab.network().clusterIp(1));
    }
    var lb = lab.state().all(LoadBalancer.class).get(0);
    assertThat(ask(lab.network().vpcResolver(), lb.host() + ".")).hasSize(3);
    assertThat(ask(lab.network().vpcResolver(), "sts.eu-west-1.amazonaws.com.")).hasSize(2);

    assertThat(get(lab.network().clusterIp(22), lab.network().service(), "/ok")).isEqualTo("ok\n");
    assertThat(get(lab.network().clusterIp(1), lab.network().service(), "/version")).contains("33");
  }

  @Test
  void withoutReadyCoreDnsTheClusterIpRefusesAndThePodsListenOn() throws Exception {
    lab.change("{set: Pod, where: {labels: {k8s-app: kube-dns}}, to: {ready: false}}");

    assertThatThrownBy(() -> ask(lab.network().clusterIp(10), "example.com."))
        .isInstanceOf(PortUnreachableException.class);
    var pod = lab.state().get(Pod.class, "kube-system/coredns-5d4f8b6c7-0");
    assertThat(ask(pod.ip(), "example.com.")).hasSize(1);
  }

  @Test
  void faultsOfNameServersAreTheirOwn() throws Exception {
    lab.change(
        """
        - {set: Pod, where: {name: coredns-5d4f8b6c7-0}, to: {program: {fault: servfail}}}
        - {add: VpcResolver, as: {fault: refused}}
        """);

    var sick = lab.state().get(Pod.class, "kube-system/coredns-5d4f8b6c7-0").ip();
    var well = lab.state().get(Pod.class, "kube-system/coredns-5d4f8b6c7-1").ip();
    assertThat(rcode(sick, "example.com.")).isEqualTo(Rcode.SERVFAIL);
    assertThat(rcode(well, "kubernetes.default.svc.cluster.local.")).isEqualTo(Rcode.NOERROR);
    assertThat(rcode(lab.network().vpcResolver(), "example.com.")).isEqualTo(Rcode.REFUSED);
    assertThat(rcode(lab.network().clusterIp(10), "kubernetes.default.svc.cluster.local."))
        .isEqualTo(Rcode.NOERROR);
  }

  @Test
  void aServiceWithoutReadyEndpointsIsClosed() throws Exception {
    lab.change("{set: Pod, where: {labels: {app: backend}}, to: {ready: false}}");

    assertThatThrownBy(() -> get(lab.network().clusterIp(22), lab.network().service(), "/ok"))
        .isInstanceOf(java.net.ConnectException.class);
    assertThat(get(lab.network().clusterIp(21), lab.network().service(), "/ok")).isEqualTo("ok\n");
  }

  @Test
  void aLocalClusterIpLeadsToPodsOnTheNodeOfTheClient() throws Exception {
    lab.change(
        """
        - {set: KubeService, where: {name: backend}, to: {internalTrafficPolicy: Local}}
        - {set: Pod, where: {labels: {app: backend}}, to: {ready: false}}
        - {set: Pod, where: {name: backend-6b7c8d9f4-5}, to: {ready: true}}
        """);
    var home = lab.state().get(Pod.class, "shop/backend-6b7c8d9f4-5").node();
    for (var node : lab.state().all(Node.class)) {
      assertThat(statusLine(node.address()).isPresent())
          .as(node.name())
          .isEqualTo(node.name().equals(home));
    }
  }

  /** Of the Service backend; empty if it closes the connection. */
  private Optional<String> statusLine(String client) throws IOException {
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(client, 0));
      socket.connect(
          new InetSocketAddress(lab.network().clusterIp(22), lab.network().service()), 5_000);
      socket.getOutputStream().write("GET /ok HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
          .lines()
          .findFirst();
    } catch (SocketException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  @Test
  void agentsInAllZonesSayTheirHealth() throws Exception {
    var agents =
        lab.state().all(Pod.class).stream()
            .filter(pod -> pod.namespace().equals("eksnet"))
            .toList();
    for (var agent : agents) {
      assertThat(get(agent.ip(), lab.network().health(), "/-/healthy")).isEqualTo("ok\n");
    }
    assertThat(agents.stream().map(a -> lab.state().get(Node.class, a.node()).zone()).distinct())
        .hasSize(3);
  }

  @Test
  void theAddressManagerCountsWhatTheNodeHas() throws Exception {
    var node = lab.state().all(Node.class).get(0);
    var page = get(node.address(), lab.network().ipamd(), "/metrics");
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
    assertThat(get(node.address(), lab.network().ipamd(), "/metrics"))
        .contains("awscni_no_available_ip_addresses 4\n")
        .contains(
            "awscni_aws_api_error_count{api=\"CreateNetworkInterface\","
                + "error=\"InsufficientFreeAddressesInSubnet\"} 7\n");

    lab.change(state -> state.with(new Ipamd(node.name(), false, 0, Map.of())));
    assertThatThrownBy(() -> get(node.address(), lab.network().ipamd(), "/metrics"))
        .isInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void thePodIdentityAgentIsAsGoodAsItsPods() throws Exception {
    var network = lab.network();
    assertThat(get(network.identityAddress(), network.identity(), "/readyz")).isNotNull();

    lab.change("{set: Pod, where: {serviceAccount: eks-pod-identity-agent}, to: {ready: false}}");

    assertThatThrownBy(() -> get(network.identityAddress(), network.identity(), "/readyz"))
        .isInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void allServersShowOneState() throws Exception {
    try (var client =
        new KubernetesClientBuilder()
            .withConfig(
                new io.fabric8.kubernetes.client.ConfigBuilder(
                        io.fabric8.kubernetes.client.Config.empty())
                    .withMasterUrl(lab.kube().url())
                    .build())
            .build()) {
      lab.change(
          """
          - {set: Subnet, where: {tags: {Name: lab-private-b}}, to: {available: 3}}
          - {set: Pod, where: {name: backend-6b7c8d9f4-4}, to: {ip: "", phase: Pending, ready: false}}
          """);

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
      assertThat(other.network().vpc()).isNotEqualTo(lab.network().vpc());
      assertThat(other.describe()).contains(other.kube().url()).contains(other.aws().url());
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
    var resolver = new SimpleResolver(new InetSocketAddress(server, lab.network().dns()));
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
