package io.eksnet.controller.metrics;

import static io.eksnet.controller.metrics.Shown.NOON;
import static io.eksnet.controller.metrics.Shown.and;
import static io.eksnet.controller.metrics.Shown.knowing;
import static io.eksnet.controller.metrics.Shown.series;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IngressGaugesTest {
  private static final IngressClass ALB = new IngressClass("alb", "ingress.k8s.aws/alb", false);
  private static final IngressClass NGINX = new IngressClass("nginx", "k8s.io/ingress-nginx", true);

  @Test
  void anIngressHasAnAddressAndAnAge() {
    var inventory =
        knowing(
            Resources.INGRESSES,
            List.of(
                ingress("web", "alb", List.of("shop.elb.amazonaws.com"), Optional.empty()),
                ingress("new", "alb", List.of(), Optional.empty())));

    assertThat(series("ingress_address_assigned", inventory))
        .containsExactly("namespace=shop ingress=new 0", "namespace=shop ingress=web 1");
    assertThat(series("ingress_created_timestamp_seconds", inventory))
        .contains("namespace=shop ingress=web 1795262400");
  }

  @Test
  void aHostResolvesToItsLoadBalancerOrElsewhere() {
    var inventory =
        knowing(
            Resources.INGRESS_HOSTS,
            List.of(
                new IngressHost("shop", "web", "shop.example.com", List.of("192.0.2.1"), true),
                new IngressHost("shop", "web", "old.example.com", List.of(), false)));

    assertThat(series("ingress_dns_match", inventory))
        .containsExactly(
            "namespace=shop ingress=web host=old.example.com 0",
            "namespace=shop ingress=web host=shop.example.com 1");
    assertThat(series("ingress_dns_match", Inventory.EMPTY)).isEmpty();
  }

  @Test
  void countsFailuresByCause() {
    var failing =
        knowing(
            Resources.INGRESSES,
            List.of(ingress("web", "alb", List.of(), Optional.of(reconcile(true)))));

    assertThat(series("ingress_reconcile_failing", failing))
        .contains(
            "namespace=shop ingress=web cause=subnet_discovery 1",
            "namespace=shop ingress=web cause=dns 0")
        .hasSize(ReconcileCause.values().length);
    assertThat(
            series(
                "ingress_reconcile_failing",
                knowing(
                    Resources.INGRESSES,
                    List.of(ingress("web", "alb", List.of(), Optional.of(reconcile(false)))))))
        .hasSize(ReconcileCause.values().length)
        .allSatisfy(line -> assertThat(line).endsWith(" 0"));
  }

  @Test
  void withoutStatusOfItsControllerNothingIsReported() {
    var inventory =
        knowing(Resources.INGRESSES, List.of(ingress("web", "alb", List.of(), Optional.empty())));

    assertThat(series("ingress_reconcile_failing", inventory)).isEmpty();
  }

  @Test
  void aSchemeIsInUseAsSoonAsAnIngressOfAnAlbAsksForIt() {
    assertThat(series("lb_scheme_in_use", all("alb", "ClusterIP", Map.of(), List.of())))
        .containsExactly("scheme=internal 0", "scheme=internet-facing 1");
  }

  @Test
  void anIngressOfNginxAsksForNoLoadBalancer() {
    assertThat(series("lb_scheme_in_use", all("nginx", "ClusterIP", Map.of(), List.of())))
        .containsExactly("scheme=internal 0", "scheme=internet-facing 0");
    assertThat(series("lb_scheme_in_use", all("", "ClusterIP", Map.of(), List.of())))
        .containsExactly("scheme=internal 0", "scheme=internet-facing 0");
  }

  @Test
  void aServiceAndALoadBalancerUseASchemeToo() {
    var scheme = Map.of("service.beta.kubernetes.io/aws-load-balancer-scheme", "internal");

    assertThat(series("lb_scheme_in_use", all("nginx", "LoadBalancer", scheme, List.of())))
        .containsExactly("scheme=internal 1", "scheme=internet-facing 0");
    assertThat(series("lb_scheme_in_use", all("nginx", "ClusterIP", Map.of(), List.of(balancer()))))
        .containsExactly("scheme=internal 1", "scheme=internet-facing 0");
  }

  @Test
  void anIngressNeedsTwoZonesAndAServiceOne() {
    var scheme = Map.of("service.beta.kubernetes.io/aws-load-balancer-scheme", "internal");

    assertThat(series("lb_required_subnet_azs", all("alb", "LoadBalancer", scheme, List.of())))
        .containsExactly("scheme=internal 1", "scheme=internet-facing 2");
    assertThat(series("lb_required_subnet_azs", all("nginx", "ClusterIP", Map.of(), List.of())))
        .containsExactly("scheme=internal 0", "scheme=internet-facing 0");
    assertThat(
            series(
                "lb_required_subnet_azs", knowing(Resources.LOAD_BALANCERS, List.of(balancer()))))
        .isEmpty();
  }

  @Test
  void objectsThatNameTheirSubnetsNeedNoEligibleOnes() {
    var named =
        Map.of(
            "service.beta.kubernetes.io/aws-load-balancer-scheme", "internal",
            "service.beta.kubernetes.io/aws-load-balancer-subnets", "subnet-a");
    var inventory = all("alb", "LoadBalancer", named, List.of());
    var ingress = ingress(List.of(), Map.of(KubeIngress.SUBNETS, "subnet-a"));

    assertThat(
            series("lb_required_subnet_azs", and(inventory, Resources.INGRESSES, List.of(ingress))))
        .containsExactly("scheme=internal 0", "scheme=internet-facing 0");
  }

  @Test
  void aLoadBalancerThatIsInOneZoneMayBe() {
    var inventory = all("alb", "ClusterIP", Map.of(), List.of(balancer()));
    var ingress = ingress(List.of(balancer().dnsName()), Map.of());

    assertThat(
            series("lb_required_subnet_azs", and(inventory, Resources.INGRESSES, List.of(ingress))))
        .containsExactly("scheme=internal 0", "scheme=internet-facing 1");
  }

  @Test
  void reportsUnusedSchemeOnlyIfAllUsersAreKnown() {
    assertThat(series("lb_scheme_in_use", knowing(Resources.LOAD_BALANCERS, List.of(balancer()))))
        .containsExactly("scheme=internal 1");
    assertThat(series("lb_scheme_in_use", Inventory.EMPTY)).isEmpty();
  }

  @Test
  void ownerComesFromTheAnnotation() {
    var team = Map.of("eksnet.io/team", "checkout");
    var inventory =
        and(
            knowing(
                Resources.SERVICES,
                List.of(service("ClusterIP", team), service("ClusterIP", Map.of()))),
            Resources.INGRESSES,
            List.of(
                new KubeIngress(
                    "shop",
                    "web",
                    "alb",
                    "",
                    Scheme.INTERNAL,
                    List.of(),
                    false,
                    List.of(),
                    team,
                    Optional.empty(),
                    NOON)));

    assertThat(series("owner_info", inventory))
        .containsExactly(
            "namespace=shop ingress=web team=checkout 1",
            "namespace=shop service=web team=checkout 1");
  }

  private static Inventory all(
      String className,
      String serviceType,
      Map<String, String> annotations,
      List<LoadBalancer> balancers) {
    var inventory =
        and(
            knowing(
                Resources.INGRESSES,
                List.of(ingress("web", className, List.of(), Optional.empty()))),
            Resources.INGRESS_CLASSES,
            List.of(ALB, NGINX));
    return and(
        and(inventory, Resources.SERVICES, List.of(service(serviceType, annotations))),
        Resources.LOAD_BALANCERS,
        balancers);
  }

  private static KubeIngress ingress(
      String name, String className, List<String> addresses, Optional<Reconcile> reconcile) {
    return new KubeIngress(
        "shop",
        name,
        className,
        "",
        Scheme.INTERNET_FACING,
        List.of(),
        false,
        addresses,
        Map.of(),
        reconcile,
        NOON);
  }

  private static KubeIngress ingress(List<String> addresses, Map<String, String> annotations) {
    return new KubeIngress(
        "shop",
        "web",
        "alb",
        "",
        Scheme.INTERNET_FACING,
        List.of(),
        false,
        addresses,
        annotations,
        Optional.empty(),
        NOON);
  }

  private static Reconcile reconcile(boolean failing) {
    return new Reconcile(
        failing, ReconcileCause.SUBNET_DISCOVERY, "FailedBuildModel", "no subnets", 3);
  }

  private static KubeService service(String type, Map<String, String> annotations) {
    return new KubeService(
        "shop",
        "web",
        type,
        List.of(),
        List.of(),
        List.of(),
        annotations,
        Set.of(),
        Optional.of(List.of()),
        Optional.empty());
  }

  private static LoadBalancer balancer() {
    return new LoadBalancer(
        "arn",
        "nlb",
        "nlb.elb.eu-west-1.amazonaws.com",
        "network",
        Scheme.INTERNAL,
        "active",
        "",
        "vpc-1",
        Map.of("eu-west-1a", "subnet-1"),
        List.of(),
        List.of(),
        NOON,
        Optional.empty());
  }
}
