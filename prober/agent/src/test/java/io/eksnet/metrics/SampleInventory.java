package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.NOON;

import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.CallerIdentity;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.ImagePullFailure;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Issue;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LbAddress;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.ScaledToZero;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.VpcEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A cluster of which everything is known: one of each thing, all of them named by the test. */
public final class SampleInventory {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final String name;
  private Inventory inventory = Inventory.EMPTY;

  private SampleInventory(String name) {
    this.name = name;
  }

  public static Inventory of(String name) {
    var sample = new SampleInventory(name);
    sample.dns();
    sample.nodes();
    sample.subnets();
    sample.loadBalancers();
    sample.ingresses();
    sample.cluster();
    return sample.inventory;
  }

  private <T> void know(Resource<T> part, T value) {
    inventory = inventory.with(part, Snapshot.of(value, NOON, MINUTE));
  }

  private void dns() {
    know(
        Resources.DNS_PODS,
        List.of(new DnsPod(name, name, "", name, true, Scheduling.DONE, "", NOON, "")));
    know(Resources.SERVICES, List.of(service("kube-system", "kube-dns"), service(name, name)));
    know(Resources.SCALED_TO_ZERO, List.of(new ScaledToZero(name, name)));
  }

  private KubeService service(String namespace, String service) {
    return new KubeService(
        namespace,
        service,
        "LoadBalancer",
        List.of(),
        List.of(),
        List.of(),
        Map.of("eksnet.io/team", name),
        Set.of(),
        Optional.of(List.of(new Endpoint("10.0.0.1", true, false, name))),
        Optional.of(new Reconcile(true, ReconcileCause.DNS, "", "", 1)));
  }

  private void nodes() {
    know(
        Resources.NODES,
        List.of(
            new KubeNode(
                name, name, "", List.of(), ComputeType.EC2, true, 27, 3, List.of(), NOON)));
    know(
        Resources.NOT_READY_NODES,
        List.of(new NotReadyNode(name, name, NotReadyReason.OTHER, name, NOON)));
    know(Resources.PENDING_PODS, List.of());
    know(
        Resources.SANDBOX_FAILURES,
        List.of(new SandboxFailures(name, name, SandboxFailure.NO_IP, 2, name, Instant.EPOCH)));
    know(
        Resources.NODE_CLASSES,
        List.of(
            new NodeClass(
                "karpenter.k8s.aws",
                name,
                List.of(new Condition(name, "True", name, name)),
                List.of(),
                List.of())));
    know(Resources.IMAGE_REGISTRIES, List.of(name));
    know(
        Resources.IMAGE_PULL_FAILURES,
        List.of(
            new ImagePullFailure(
                name, ImagePullFailure.Reason.NO_RESPONSE, List.of(name), 1, name)));
    know(
        Resources.COMPONENTS,
        List.of(
            new Component(
                name,
                name,
                name,
                1,
                1,
                false,
                ReconcileCause.OTHER,
                "",
                Optional.empty(),
                Set.of(CredentialSource.IRSA))));
  }

  private void subnets() {
    know(
        Resources.SUBNETS,
        List.of(
            new Subnet(name, name, "10.0.0.0/24", 7, Set.of(SubnetRole.POD), Map.of(), List.of())));
    know(Resources.FREE_PREFIXES, Map.of(name, 3));
    know(Resources.CNI_SETTINGS, new CniSettings(true, false, true, false, false));
    know(
        Resources.VPC_ENDPOINTS,
        List.of(new VpcEndpoint(name, name, "available", true, List.of())));
    know(
        Resources.LB_SUBNETS,
        List.of(new Eligibility(Scheme.INTERNAL, name, name, IneligibleReason.NONE)));
  }

  private void loadBalancers() {
    know(Resources.GATEWAYS, List.of());
    know(Resources.GATEWAY_ROUTES, List.of());
    know(Resources.LB_ADDRESSES, List.of(new LbAddress(name, name)));
    know(
        Resources.LOAD_BALANCERS,
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
                List.of(new LoadBalancer.Listener(80, "HTTP")),
                NOON,
                Optional.empty())));
    var check = new HealthCheck(true, "HTTP", "traffic-port", "/", "200", MINUTE, MINUTE);
    know(
        Resources.TARGET_GROUPS,
        List.of(
            new TargetGroup(
                "tg", name, "HTTP", "", 80, "ip", List.of("lb"), check, Optional.empty())));
    know(
        Resources.TARGET_GROUP_BINDINGS,
        List.of(new TargetGroupBinding(name, name, name, "80", "tg", Optional.empty())));
    var target = new TargetHealth("tg", "10.0.0.1", 80, "", "unhealthy", name, "", 80);
    know(
        Resources.TARGET_HEALTH,
        List.of(
            new GroupHealth("tg", Snapshot.of(List.of(target), NOON, MINUTE), Optional.empty())));
    know(
        Resources.SECURITY_PATHS,
        List.of(
            new SecurityPath(
                "lb",
                "tg",
                "10.0.0.1",
                name,
                List.of(),
                80,
                SecurityPath.Use.TRAFFIC,
                SecurityPath.Verdict.PERMITTED,
                "")));
  }

  private void ingresses() {
    know(Resources.INGRESS_CLASSES, List.of(new IngressClass(name, "ingress.k8s.aws/alb", true)));
    know(
        Resources.INGRESSES,
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
                Optional.of(new Reconcile(true, ReconcileCause.DNS, "", "", 1)),
                NOON)));
    know(Resources.INGRESS_HOSTS, List.of(new IngressHost(name, name, name, List.of(), true)));
  }

  private void cluster() {
    var issues = List.of(new Issue(name, Optional.of(name)));
    know(
        Resources.CLUSTER,
        new EksCluster(
            name,
            Optional.of(name),
            Optional.empty(),
            name,
            "",
            List.of(),
            false,
            "STANDARD",
            Optional.of(NOON),
            issues));
    know(
        Resources.ADDONS,
        List.of(new Addon(name, Optional.of("DEGRADED"), Optional.empty(), issues)));
    know(Resources.CALLER_IDENTITY, new CallerIdentity("irsa"));
  }
}
