package io.eksnet.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which alerts the real Alertmanager leaves of what comes together: one cause, one page. */
class InhibitionTest {
  private static final AtomicInteger CLUSTERS = new AtomicInteger();

  @TempDir private static Path directory;
  private static Alertmanager alertmanager;

  /**
   * What fires together, and what is left.
   *
   * @param firing each as its name without EksNet and its labels: {@code StsUnreachable stage=dns}
   */
  private record Incident(String name, List<String> firing, List<String> left) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    var config = Dashboards.ROOT.resolve("alertmanager/alertmanager.yaml");
    alertmanager = Alertmanager.start(config, directory);
  }

  @AfterAll
  static void stop() {
    alertmanager.close();
  }

  @ParameterizedTest
  @MethodSource("incidents")
  void onlyTheCausesAreLeft(Incident incident) throws Exception {
    var cluster = "c" + CLUSTERS.incrementAndGet();

    alertmanager.post(incident.firing().stream().map(text -> alert(text, cluster)).toList());

    assertThat(alertmanager.count(cluster)).isEqualTo(incident.firing().size());
    assertThat(
            alertmanager.active(cluster).stream()
                .map(labels -> labels.getString("alertname").replace("EksNet", "")))
        .containsExactlyInAnyOrderElementsOf(incident.left());
  }

  @Test
  void theOutageOfOneClusterMutesNothingInAnother() throws Exception {
    alertmanager.post(
        List.of(
            alert("ClusterDnsDown", "north"),
            alert("NodeDnsFailing node=n1", "south"),
            alert("StsUnreachable stage=dns", "south")));

    assertThat(alertmanager.active("south")).hasSize(2);
  }

  private static Stream<Incident> incidents() {
    return Stream.of(
        new Incident(
            "CoreDNS waits for Fargate",
            List.of(
                "CoreDnsUnschedulable cause=fargate_taint",
                "CoreDnsNoReadyBackends",
                "ClusterDnsDown",
                "NodeDnsFailing node=n1 az=a",
                "DnsSlow",
                "DnsLostPackets node=n1 az=a",
                "CoreDnsBackendBroken server=10.0.0.5",
                "StsUnreachable stage=dns",
                "ServiceProbeFailing namespace=shop service=web via=name stage=dns",
                "LbProbeUnreachable lb=k8s-shop stage=dns",
                "CredentialsFailing method=irsa",
                "IngressReconcileFailing namespace=shop ingress=web cause=credentials",
                "ComponentCrashLoop component=karpenter cause=dns",
                "IngressNoAddress namespace=shop ingress=web",
                "IngressDnsMismatch namespace=shop ingress=web host=shop.test",
                "AddonHealthIssue addon=coredns code=InsufficientNumberOfReplicas",
                "PodsUnschedulable cause=fargate_taint",
                "DnsErrorBudgetBurn long=1h",
                "LbErrorBudgetBurn lb=k8s-shop long=1h",
                "Diagnosis cause=coredns_fargate_not_admitted layer=dns scope=cluster"),
            List.of("CoreDnsUnschedulable")),
        new Incident(
            "a path that fails is not also slow",
            List.of(
                "AzPartitioned src_az=a dst_az=b az=a",
                "PathSlow suite=pod src_az=a dst_az=b",
                "ServiceProbeFailing namespace=shop service=web via=name stage=tcp",
                "PathSlow suite=service namespace=shop service=web via=cluster_ip",
                "LbProbe5xx lb=k8s-shop source=elb code=502",
                "PathSlow suite=lb lb=k8s-shop phase=processing",
                "TargetGroupDegraded lb=k8s-shop target_group=tg",
                "PathSlow suite=target target_group=tg"),
            List.of("AzPartitioned", "ServiceProbeFailing", "TargetGroupDegraded")),
        new Incident(
            "a slow path stays while others fail",
            List.of(
                "AzPartitioned src_az=a dst_az=b az=a",
                "PathSlow suite=pod src_az=b dst_az=a",
                "ServiceProbeFailing namespace=shop service=web via=name stage=tcp",
                "PathSlow suite=service namespace=shop service=db via=name"),
            List.of("AzPartitioned", "PathSlow", "ServiceProbeFailing", "PathSlow")),
        new Incident(
            "slow DNS makes Services slow by name only",
            List.of(
                "DnsSlow",
                "PathSlow suite=service namespace=shop service=web via=name",
                "PathSlow suite=service namespace=shop service=web via=cluster_ip"),
            List.of("DnsSlow", "PathSlow")),
        new Incident(
            "a pod that waits mutes no outage, the outage mutes it",
            List.of(
                "CoreDnsUnschedulable cause=insufficient_cpu severity=warning",
                "ClusterDnsDown",
                "StsUnreachable stage=dns"),
            List.of("ClusterDnsDown")),
        new Incident(
            "a pod that waits beside ready ones mutes nothing critical",
            List.of(
                "CoreDnsUnschedulable cause=insufficient_cpu severity=warning",
                "StsUnreachable stage=dns"),
            List.of("CoreDnsUnschedulable", "StsUnreachable")),
        new Incident(
            "a load balancer that could not be set up",
            List.of("LbNotActive lb=k8s-c state=failed", "LbProbeUnreachable lb=k8s-c stage=dns"),
            List.of("LbNotActive")),
        new Incident(
            "an impaired load balancer that nobody reaches",
            List.of(
                "LbNotActive lb=k8s-c state=active_impaired",
                "LbProbeUnreachable lb=k8s-c stage=tcp",
                "LbErrorBudgetBurn lb=k8s-c long=1h"),
            List.of("LbProbeUnreachable")),
        new Incident(
            "a load balancer with an expired certificate",
            List.of(
                "LbProbeUnreachable lb=k8s-c stage=tls",
                "CertificateExpiring lb=k8s-c target=shop",
                "CertificateExpiring lb=k8s-c target=shop severity=critical"),
            List.of("LbProbeUnreachable")),
        new Incident(
            "many nodes at once",
            List.of(
                "NodePartitioned node=n1 az=a",
                "NodePartitioned node=n1 az=a severity=critical",
                "NodePartitioned node=n2 az=a",
                "NodePartitioned node=n2 az=a severity=critical",
                "NodeDnsFailing node=n2 az=a"),
            List.of("NodePartitioned", "NodePartitioned")),
        new Incident(
            "a certificate in its last hours, and another one",
            List.of(
                "CertificateExpiring lb=k8s-c target=shop",
                "CertificateExpiring lb=k8s-c target=shop severity=critical",
                "CertificateExpiring lb=k8s-c target=blog"),
            List.of("CertificateExpiring", "CertificateExpiring")),
        new Incident(
            "a chain holds without its first link",
            List.of("CoreDnsNoReadyBackends", "ClusterDnsDown", "NodeDnsFailing node=n1"),
            List.of("CoreDnsNoReadyBackends")),
        new Incident(
            "what has a truth of its own stays during an outage of DNS",
            List.of(
                "CoreDnsNoReadyBackends",
                "SubnetIpExhausted subnet_id=s1 az=a",
                "LbSubnetTooFewIps subnet_id=s2 az=b",
                "SgPathBlocked lb=k8s-a target_group=tg-a port=8080 kind=traffic",
                "TargetGroupAllUnhealthy lb=k8s-b target_group=tg-b",
                "LbNotActive lb=k8s-c state=failed",
                "LbProbeUnreachable lb=k8s-d stage=tcp",
                "StsUnreachable stage=tcp",
                "ServiceProbeFailing namespace=shop service=web via=cluster_ip stage=tcp",
                "IngressReconcileFailing namespace=shop ingress=web cause=annotation",
                "AzPartitioned src_az=a dst_az=b az=a"),
            List.of(
                "CoreDnsNoReadyBackends",
                "SubnetIpExhausted",
                "LbSubnetTooFewIps",
                "SgPathBlocked",
                "TargetGroupAllUnhealthy",
                "LbNotActive",
                "LbProbeUnreachable",
                "StsUnreachable",
                "ServiceProbeFailing",
                "IngressReconcileFailing",
                "AzPartitioned")),
        new Incident(
            "the resolver of the VPC",
            List.of(
                "VpcResolverFailing",
                "NodeDnsFailing node=n1 az=a",
                "DnsSlow",
                "StsUnreachable stage=dns",
                "CredentialsFailing method=irsa"),
            List.of("VpcResolverFailing")),
        new Incident(
            "one node over its allowance, and another that fails without reason",
            List.of(
                "LinkLocalThrottled node=n1 az=a",
                "NodeDnsFailing node=n1 az=a",
                "DnsLostPackets node=n1 az=a",
                "NodeDnsFailing node=n2 az=a"),
            List.of("LinkLocalThrottled", "NodeDnsFailing")),
        new Incident(
            "a subnet without addresses",
            List.of(
                "SubnetIpExhausted subnet_id=s1 az=a",
                "SubnetIpLow subnet_id=s1 az=a",
                "SubnetIpExhaustionPredicted subnet_id=s1 az=a",
                "LbSubnetTooFewIps subnet_id=s1 az=a",
                "PodSandboxNoIp az=a",
                "IpamdPoolEmpty node=n1 az=a",
                "AgentMissing",
                "ClusterHealthIssue code=InsufficientFreeAddresses",
                "Diagnosis cause=subnet_exhausted layer=l3 scope=subnet/s1"),
            List.of("SubnetIpExhausted")),
        new Incident(
            "another subnet and another zone are another matter",
            List.of(
                "SubnetIpExhausted subnet_id=s1 az=a",
                "SubnetIpLow subnet_id=s2 az=b",
                "PodSandboxNoIp az=b",
                "IpamdPoolEmpty node=n2 az=b"),
            List.of("SubnetIpExhausted", "SubnetIpLow", "PodSandboxNoIp")),
        new Incident(
            "an address limit of a node names its pool only",
            List.of("PodSandboxNoIp az=a", "IpamdPoolEmpty node=n1 az=a"),
            List.of("PodSandboxNoIp")),
        new Incident(
            "a security group before targets",
            List.of(
                "SgPathBlocked lb=k8s-a target_group=tg port=8080 kind=traffic",
                "TargetGroupAllUnhealthy lb=k8s-a target_group=tg",
                "TargetGroupDegraded lb=k8s-a target_group=tg",
                "LbProbe5xx lb=k8s-a",
                "LbErrorBudgetBurn lb=k8s-a long=1h",
                "Diagnosis cause=security_group_blocks_target layer=l4 scope=target_group/tg"),
            List.of("SgPathBlocked")),
        new Incident(
            "the load balancer of somebody else",
            List.of(
                "SgPathBlocked lb=k8s-a target_group=tg port=8080 kind=traffic",
                "TargetGroupAllUnhealthy lb=k8s-b target_group=tg-b",
                "LbProbe5xx lb=k8s-c"),
            List.of("SgPathBlocked", "TargetGroupAllUnhealthy", "LbProbe5xx")),
        new Incident(
            "subnets without tags",
            List.of(
                "LbSubnetsNotDiscoverable scheme=internet-facing",
                "IngressReconcileFailing namespace=shop ingress=web cause=subnet_discovery",
                "IngressNoAddress namespace=shop ingress=web",
                "IngressDnsMismatch namespace=shop ingress=web host=shop.test",
                "Diagnosis cause=lb_subnets_not_discoverable layer=cluster scope=ingress/shop/web"),
            List.of("LbSubnetsNotDiscoverable")),
        new Incident(
            "an association in the wrong namespace",
            List.of(
                "ComponentCrashLoop component=karpenter cause=credentials",
                "Diagnosis cause=credentials_not_associated layer=credentials scope=component/k"),
            List.of("ComponentCrashLoop")),
        new Incident(
            "STS behind a closed endpoint",
            List.of(
                "StsUnreachable stage=tcp",
                "CredentialsFailing method=irsa",
                "IngressReconcileFailing namespace=shop ingress=web cause=credentials",
                "ComponentCrashLoop component=karpenter cause=credentials",
                "PollStale poll=subnets service=ec2"),
            List.of("StsUnreachable")),
        new Incident(
            "a node class with a template",
            List.of(
                "NodeClassUnrenderedTemplate nodeclass=default",
                "NodeClassNotReady nodeclass=default reason=SubnetsNotFound",
                "PodsUnschedulable cause=no_nodes",
                "Diagnosis cause=nodeclass_unrendered_template layer=cluster scope=nodeclass/d"),
            List.of("NodeClassUnrenderedTemplate")),
        new Incident(
            "pods that wait for another reason",
            List.of(
                "NodeClassNotReady nodeclass=default reason=SubnetsNotFound",
                "PodsUnschedulable cause=volume"),
            List.of("NodeClassNotReady", "PodsUnschedulable")),
        new Incident(
            "nodes without a CNI",
            List.of(
                "NodesNotReady reason=cni_not_initialized",
                "ComponentCrashLoop component=aws-node cause=other",
                "AgentMissing",
                "PodsUnschedulable cause=nodes_not_ready",
                "PodsUnschedulable cause=volume",
                "Diagnosis cause=node_cni_not_ready layer=l3 scope=cluster"),
            List.of("NodesNotReady", "PodsUnschedulable")),
        new Incident(
            "a silent kubelet mutes no crash loop",
            List.of(
                "NodesNotReady reason=status_unknown",
                "ComponentCrashLoop component=aws-node cause=other"),
            List.of("NodesNotReady", "ComponentCrashLoop")),
        new Incident(
            "a zone before its nodes",
            List.of(
                "AzPartitioned src_az=a dst_az=b az=a",
                "NodePartitioned node=n1 az=a",
                "NodeDnsFailing node=n1 az=a",
                "NodePartitioned node=n9 az=c"),
            List.of("AzPartitioned", "NodePartitioned")),
        new Incident(
            "AWS denies calls to one service",
            List.of(
                "AwsApiDenied service=ec2 operation=DescribeSubnets",
                "PollStale poll=subnets service=ec2",
                "PollStale poll=addons service=eks"),
            List.of("AwsApiDenied", "PollStale")),
        new Incident(
            "no data is not a fault of the network, and mutes none",
            List.of("NoData part=agents", "AgentMissing", "SubnetIpExhausted subnet_id=s1 az=a"),
            List.of("NoData", "SubnetIpExhausted")),
        new Incident(
            "a finding that no alert carries",
            List.of(
                "Diagnosis cause=keepalive_shorter_than_idle layer=l7 scope=target_group/tg",
                "SubnetIpLow subnet_id=s1 az=a"),
            List.of("Diagnosis", "SubnetIpLow")));
  }

  private static Map<String, String> alert(String text, String cluster) {
    var words = new ArrayList<>(List.of(text.split(" ")));
    var name = "EksNet" + words.remove(0);
    var labels = new HashMap<String, String>(labelsOf(name));
    labels.put("alertname", name);
    labels.put("cluster", cluster);
    labels.putAll(
        words.stream()
            .map(word -> word.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    return labels;
  }

  /** Those that the rule gives it. */
  private static Map<String, String> labelsOf(String name) {
    try {
      return Dashboards.alerts().stream()
          .filter(rule -> rule.alert().filter(name::equals).isPresent())
          .findFirst()
          .orElseThrow()
          .labels();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
