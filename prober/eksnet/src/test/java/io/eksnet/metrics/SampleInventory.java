package io.eksnet.metrics;

import static io.eksnet.metrics.Samples.NOON;

import io.eksnet.core.inventory.Addon;
import io.eksnet.core.inventory.CallerIdentity;
import io.eksnet.core.inventory.CniSettings;
import io.eksnet.core.inventory.Component;
import io.eksnet.core.inventory.ComputeType;
import io.eksnet.core.inventory.Condition;
import io.eksnet.core.inventory.DnsPod;
import io.eksnet.core.inventory.EksCluster;
import io.eksnet.core.inventory.Eligibility;
import io.eksnet.core.inventory.Endpoint;
import io.eksnet.core.inventory.GroupHealth;
import io.eksnet.core.inventory.HealthCheck;
import io.eksnet.core.inventory.IngressClass;
import io.eksnet.core.inventory.IngressHost;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Issue;
import io.eksnet.core.inventory.Known;
import io.eksnet.core.inventory.KubeIngress;
import io.eksnet.core.inventory.KubeNode;
import io.eksnet.core.inventory.KubeService;
import io.eksnet.core.inventory.LoadBalancer;
import io.eksnet.core.inventory.NodeClass;
import io.eksnet.core.inventory.Part;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.Reconcile;
import io.eksnet.core.inventory.ReconcileCause;
import io.eksnet.core.inventory.Rejection;
import io.eksnet.core.inventory.SandboxFailure;
import io.eksnet.core.inventory.SandboxFailures;
import io.eksnet.core.inventory.ScaledToZero;
import io.eksnet.core.inventory.Scheduling;
import io.eksnet.core.inventory.Scheme;
import io.eksnet.core.inventory.SecurityPath;
import io.eksnet.core.inventory.Subnet;
import io.eksnet.core.inventory.SubnetRole;
import io.eksnet.core.inventory.TargetGroup;
import io.eksnet.core.inventory.TargetGroupBinding;
import io.eksnet.core.inventory.TargetHealth;
import io.eksnet.core.inventory.VpcEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A cluster of which everything is known: one of each thing, all of them named by the test. */
final class SampleInventory {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final String name;
  private Inventory inventory = Inventory.EMPTY;

  private SampleInventory(String name) {
    this.name = name;
  }

  static Inventory of(String name) {
    var sample = new SampleInventory(name);
    sample.dns();
    sample.nodes();
    sample.subnets();
    sample.loadBalancers();
    sample.ingresses();
    sample.cluster();
    return sample.inventory;
  }

  private <T> void know(Part<T> part, T value) {
    inventory = inventory.with(part, Known.of(value, NOON, MINUTE));
  }

  private void dns() {
    know(
        Parts.DNS_PODS,
        List.of(new DnsPod(name, name, name, "", name, true, Scheduling.DONE, "", "", NOON, "")));
    know(Parts.SERVICES, List.of(service("kube-system", "kube-dns"), service(name, name)));
    know(Parts.SCALED_TO_ZERO, List.of(new ScaledToZero(name, name)));
  }

  private KubeService service(String namespace, String service) {
    return new KubeService(
        namespace,
        service,
        "ClusterIP",
        List.of(),
        List.of(),
        List.of(),
        Map.of("eksnet.io/team", name),
        Optional.of(List.of(new Endpoint("10.0.0.1", true, false, name, name))),
        NOON);
  }

  private void nodes() {
    know(
        Parts.NODES,
        List.of(
            new KubeNode(
                name, name, "", "", ComputeType.EC2, "", List.of(), true, 27, 3, List.of(), NOON)));
    know(Parts.PENDING_PODS, List.of());
    know(
        Parts.SANDBOX_FAILURES,
        List.of(new SandboxFailures(name, name, SandboxFailure.NO_IP, 2, Instant.EPOCH)));
    know(
        Parts.NODE_CLASSES,
        List.of(
            new NodeClass(
                "karpenter.k8s.aws",
                name,
                List.of(new Condition(name, "True", name, name)),
                List.of(),
                List.of())));
    know(
        Parts.COMPONENTS,
        List.of(
            new Component(
                name, name, name, 1, 1, false, ReconcileCause.OTHER, "", true, Optional.empty())));
  }

  private void subnets() {
    know(
        Parts.SUBNETS,
        List.of(
            new Subnet(
                name,
                "",
                name,
                "10.0.0.0/24",
                7,
                false,
                Set.of(SubnetRole.POD),
                Map.of(),
                List.of())));
    know(Parts.FREE_PREFIXES, Map.of(name, 3));
    know(
        Parts.CNI_SETTINGS,
        new CniSettings(true, false, true, false, false, Optional.empty(), Optional.empty()));
    know(Parts.VPC_ENDPOINTS, List.of(new VpcEndpoint(name, name, "Interface", "available", true)));
    know(Parts.LB_SUBNETS, List.of(new Eligibility(Scheme.INTERNAL, name, name, Rejection.NONE)));
  }

  private void loadBalancers() {
    know(
        Parts.LOAD_BALANCERS,
        List.of(
            new LoadBalancer(
                "lb",
                name,
                "",
                "application",
                Scheme.INTERNAL,
                "active",
                "",
                "",
                Map.of(),
                List.of(),
                List.of(),
                NOON)));
    var check = new HealthCheck(true, "HTTP", "traffic-port", "/", "200", MINUTE, MINUTE);
    know(
        Parts.TARGET_GROUPS,
        List.of(new TargetGroup("tg", name, "HTTP", "", 80, "ip", List.of("lb"), check)));
    know(
        Parts.TARGET_GROUP_BINDINGS,
        List.of(
            new TargetGroupBinding(
                "elbv2.k8s.aws", name, name, name, "80", "tg", "ip", false, Optional.empty())));
    var target = new TargetHealth("tg", "10.0.0.1", 80, "", "unhealthy", name, "", 80);
    know(
        Parts.TARGET_HEALTH,
        List.of(new GroupHealth("tg", Known.of(List.of(target), NOON, MINUTE))));
    know(
        Parts.SECURITY_PATHS,
        List.of(
            new SecurityPath(
                "lb",
                "tg",
                "10.0.0.1",
                name,
                80,
                SecurityPath.Use.TRAFFIC,
                SecurityPath.Verdict.PERMITTED,
                "")));
  }

  private void ingresses() {
    know(Parts.INGRESS_CLASSES, List.of(new IngressClass(name, "ingress.k8s.aws/alb", true)));
    know(
        Parts.INGRESSES,
        List.of(
            new KubeIngress(
                name,
                name,
                name,
                "",
                Scheme.INTERNAL,
                List.of(),
                false,
                List.of(),
                Map.of("eksnet.io/team", name),
                Optional.of(new Reconcile(true, ReconcileCause.DNS, "", "", NOON, 1)),
                NOON)));
    know(Parts.INGRESS_HOSTS, List.of(new IngressHost(name, name, name, List.of(), true)));
  }

  private void cluster() {
    var issues = List.of(new Issue(name, name));
    know(
        Parts.CLUSTER,
        new EksCluster(
            name,
            name,
            "ACTIVE",
            "",
            List.of(),
            "",
            "",
            false,
            "STANDARD",
            Optional.of(NOON),
            issues));
    know(Parts.ADDONS, List.of(new Addon(name, "", "", issues)));
    know(Parts.CALLER_IDENTITY, new CallerIdentity("1", "arn", "irsa"));
  }
}
