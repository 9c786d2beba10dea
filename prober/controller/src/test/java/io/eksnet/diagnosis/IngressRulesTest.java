package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.CREDENTIALS_NOT_ASSOCIATED;
import static io.eksnet.model.diagnosis.RootCause.INGRESS_CLASS_MISSING;
import static io.eksnet.model.diagnosis.RootCause.INGRESS_DNS_MISMATCH;
import static io.eksnet.model.diagnosis.RootCause.INGRESS_RECONCILE_FAILING;
import static io.eksnet.model.diagnosis.RootCause.LB_PROVISIONING;
import static io.eksnet.model.diagnosis.RootCause.LB_RECONCILE_FAILING;
import static io.eksnet.model.diagnosis.RootCause.LB_SUBNETS_NOT_DISCOVERABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IngressRulesTest {
  private static final String TEXT =
      "couldn't auto-discover subnets: unable to resolve at least one subnet";

  @Test
  void namesUntaggedSubnetsWithReason() {
    var scene =
        reconcile(ReconcileCause.SUBNET_DISCOVERY, TEXT)
            .with(
                Resources.LB_SUBNETS,
                List.of(
                    rejected("subnet-a", "eu-west-1a", IneligibleReason.NO_ROLE_TAG),
                    rejected("subnet-b", "eu-west-1b", IneligibleReason.TAG_VALUE)));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(LB_SUBNETS_NOT_DISCOVERABLE);
              assertThat(f.scope()).isEqualTo("ingress/shop/web");
              assertThat(f.confidence().percent()).isEqualTo(95);
              assertThat(f.evidence().get(1))
                  .isEqualTo(
                      "subnets in 0 zones are eligible (internet-facing); rejected: subnet-a"
                          + " no_role_tag, subnet-b tag_value");
              assertThat(f.fix().get(0)).contains("kubernetes.io/role/elb, value 1 or empty");
            });
  }

  @Test
  void reportsReconcileErrorWhereSubnetsAreEligible() {
    assertThat(reconcile(ReconcileCause.SUBNET_DISCOVERY, TEXT).findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(INGRESS_RECONCILE_FAILING);
              assertThat(f.evidence().get(0)).contains(TEXT);
              assertThat(f.fix().get(0)).startsWith("subnets in two zones are tagged now");
              assertThat(f.holdFor()).as("until the controller tried again").hasMinutes(3);
            });
  }

  /** The controller before 2.12.1 knows tags only, whatever the route tables say. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "couldn't auto-discover subnets: unable to resolve at least one subnet (0 match VPC and"
            + " tags: [kubernetes.io/role/elb])",
        "couldn't auto-discover subnets: unable to resolve at least one subnet. Evaluated 3"
            + " subnets: 0 are tagged for other clusters, and 0 have insufficient available IP"
            + " addresses"
      })
  void reportsSubnetsThatOnlyRoutesMakeEligible(String message) {
    var scene =
        reconcile(ReconcileCause.SUBNET_DISCOVERY, message)
            .each(Resources.SUBNETS, subnet -> withTags(subnet, Map.of()));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(LB_SUBNETS_NOT_DISCOVERABLE);
              assertThat(f.evidence().get(1)).startsWith("subnets in 0 zones are eligible");
              assertThat(f.evidence().get(2))
                  .contains("2 subnets have the right routes and no tag");
              assertThat(f.fix().get(0)).startsWith("tag at least two subnets");
              assertThat(String.join(" ", f.fix())).doesNotContain("enough subnets");
            });
  }

  /** The value counts: the controller searches for the empty one and 1. */
  @Test
  void namesRoleTagsWithAWrongValue() {
    var scene =
        reconcile(ReconcileCause.SUBNET_DISCOVERY, TEXT)
            .each(Resources.SUBNETS, s -> withTags(s, Map.of("kubernetes.io/role/elb", "true")));

    assertThat(scene.causes()).containsExactly(LB_SUBNETS_NOT_DISCOVERABLE);
    assertThat(scene.findings().get(0).fix().get(0))
        .isEqualTo(
            "set the value of kubernetes.io/role/elb to 1 on subnet-a, subnet-b: aws ec2 create-tags"
                + " --region eu-west-1 --resources subnet-a subnet-b"
                + " --tags Key=kubernetes.io/role/elb,Value=1");
  }

  /** A network load balancer needs one subnet. */
  @Test
  void reportsServicesWithoutLoadBalancerForWantOfSubnets() {
    var text = "unable to resolve at least one subnet (0 match VPC and tags: [%s])";
    var internal = service(text.formatted("kubernetes.io/role/internal-elb"), Map.of());
    var open = service(text.formatted("kubernetes.io/role/elb"), Map.of());
    var inTree = service("could not find any suitable subnets for creating the ELB", Map.of());

    assertThat(internal.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(LB_SUBNETS_NOT_DISCOVERABLE);
              assertThat(f.scope()).isEqualTo("service/shop/edge");
              assertThat(f.fix().get(0))
                  .startsWith(
                      "tag a subnet with kubernetes.io/role/internal-elb, value 1 or empty: aws ");
            });
    assertThat(open.causes()).as("public subnets are tagged").containsExactly(LB_RECONCILE_FAILING);
    assertThat(open.findings().get(0).holdFor())
        .as("the subnets may have changed since they were read")
        .isPositive();
    assertThat(inTree.causes()).containsExactly(LB_SUBNETS_NOT_DISCOVERABLE);
    assertThat(
            service(
                    text.formatted("kubernetes.io/role/internal-elb"),
                    Map.of("service.beta.kubernetes.io/aws-load-balancer-subnets", "subnet-a"))
                .causes())
        .as("an annotation names the subnets")
        .containsExactly(LB_RECONCILE_FAILING);
  }

  private static Scene service(String message, Map<String, String> annotations) {
    var last = new Reconcile(true, ReconcileCause.SUBNET_DISCOVERY, "FailedBuildModel", message, 3);
    var scene = Scene.healthy();
    var services = new ArrayList<>(scene.evidence().inventory().list(Resources.SERVICES));
    services.add(
        new KubeService(
            "shop",
            "edge",
            "LoadBalancer",
            List.of("172.20.0.9"),
            List.of(),
            List.of(),
            annotations,
            Set.of(),
            Optional.of(List.of()),
            Optional.of(last)));
    return scene.with(Resources.SERVICES, services);
  }

  @Test
  void namesSubnetsOfLocalZonesThatCarryTheTag() {
    var message = "couldn't auto-discover subnets: subnets in multiple locales: [localZone zone]";
    var scene = reconcile(ReconcileCause.SUBNET_DISCOVERY, message);
    var candidates = new ArrayList<>(scene.evidence().inventory().list(Resources.LB_SUBNETS));
    candidates.add(rejected("subnet-lax", "us-west-2-lax-1a", IneligibleReason.LOCAL_ZONE));
    var mixed = scene.with(Resources.LB_SUBNETS, candidates);

    assertThat(mixed.causes()).containsExactly(LB_SUBNETS_NOT_DISCOVERABLE);
    assertThat(mixed.findings().get(0).fix().get(0))
        .isEqualTo(
            "remove the tag kubernetes.io/role/elb from subnet-lax, which are in local zones");
  }

  private static Subnet withTags(Subnet subnet, Map<String, String> tags) {
    return new Subnet(
        subnet.id(),
        subnet.zone(),
        subnet.cidr(),
        subnet.available(),
        subnet.roles(),
        tags,
        subnet.reservations());
  }

  @Test
  void doesNotBlameTagsWhereAnAnnotationNamesSubnets() {
    var scene =
        reconcile(ReconcileCause.SUBNET_DISCOVERY, "subnets count less than minimal: 1 < 2")
            .with(
                Resources.LB_SUBNETS,
                List.of(rejected("subnet-a", "eu-west-1a", IneligibleReason.NO_ROLE_TAG)))
            .each(
                Resources.INGRESSES,
                i -> with(i, "alb", Map.of("alb.ingress.kubernetes.io/subnets", "subnet-a")));

    assertThat(scene.causes()).containsExactly(INGRESS_RECONCILE_FAILING);
    assertThat(scene.findings().get(0).fix().get(0)).contains("annotation subnets");
  }

  /** Subnets that carry the tag lack something else: to tag them again is no remedy. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TAG_VALUE|set the value of kubernetes.io/role/elb to 1 on subnet-a, subnet-b",
        "OTHER_CLUSTER_TAG|remove the tags kubernetes.io/cluster/<other cluster> from subnet-a,"
            + " subnet-b, or add that of this cluster",
        "FEW_IPS|free at least 8 addresses in each of subnet-a, subnet-b"
      })
  void namesWhatTaggedSubnetsLack(IneligibleReason reason, String step) {
    var scene =
        reconcile(ReconcileCause.SUBNET_DISCOVERY, TEXT)
            .with(
                Resources.LB_SUBNETS,
                List.of(
                    rejected("subnet-a", "eu-west-1a", reason),
                    rejected("subnet-b", "eu-west-1b", reason),
                    rejected("subnet-p", "eu-west-1c", IneligibleReason.NO_ROLE_TAG)));

    assertThat(scene.findings().get(0).fix().get(0)).startsWith(step);
    assertThat(scene.findings().get(0).fix()).noneMatch(it -> it.startsWith("tag at least"));
  }

  @Test
  void reportsAGroupOnceAndNamesTheIngressAtFault() {
    var message = "Failed build model due to ingress: shop/b: unable to find port 81 on service";
    var scene = group("edge", message, "a", "b", "c");

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.scope()).isEqualTo("ingress/shop/b");
              assertThat(f.affected()).containsExactly("ingress/shop/a", "ingress/shop/c");
              assertThat(f.evidence())
                  .contains("2 other Ingresses fail for the same reason: shop/a, shop/c");
            });
    assertThat(group("", message, "a", "b", "c").findings()).as("no group").hasSize(3);
  }

  @Test
  void reportsAMissingPermissionOnceForAllIngresses() {
    var denied = "AccessDenied: ... is not authorized to perform: elasticloadbalancing:CreateRule";
    var scene = failing(ReconcileCause.IAM, "", denied, "a", "b");

    assertThat(scene.findings())
        .singleElement()
        .satisfies(f -> assertThat(f.affected()).containsExactly("ingress/shop/b"));
  }

  private static Scene group(String group, String message, String... names) {
    return failing(ReconcileCause.ANNOTATION, group, message, names);
  }

  private static Scene failing(
      ReconcileCause cause, String group, String message, String... names) {
    var last = new Reconcile(true, cause, "FailedBuildModel", message, 3);
    var like = Scene.ingress();
    return Scene.healthy()
        .with(
            Resources.INGRESSES,
            Stream.of(names)
                .map(
                    name ->
                        new KubeIngress(
                            "shop",
                            name,
                            "alb",
                            group,
                            like.scheme(),
                            like.rules(),
                            like.tls(),
                            List.of(),
                            Map.of(),
                            Optional.of(last),
                            Scene.LONG_AGO))
                .toList());
  }

  /** Istio, Traefik and others need no IngressClass for the annotation, nor publish an address. */
  @ParameterizedTest
  @ValueSource(strings = {"nginx", "istio", "traefik-internal", "alb"})
  void ignoresIngressesWithTheClassAnnotation(String name) {
    var scene =
        orphan(name, Scene.LONG_AGO)
            .with(Resources.INGRESS_CLASSES, List.of())
            .each(
                Resources.INGRESSES,
                i -> with(i, name, Map.of("kubernetes.io/ingress.class", name)));

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void ignoresIngressesOfOtherControllers() {
    var nginx = new IngressClass("nginx", "k8s.io/ingress-nginx", false);
    var alb = new IngressClass("alb", "ingress.k8s.aws/alb", false);
    var classless = orphan("", Scene.LONG_AGO).with(Resources.INGRESS_CLASSES, List.of(alb, nginx));
    var annotations = Map.of("alb.ingress.kubernetes.io/scheme", "internal");

    assertThat(classless.findings()).as("nginx may take it").isEmpty();
    assertThat(classless.each(Resources.INGRESSES, i -> with(i, "", annotations)).causes())
        .as("it is meant for the AWS Load Balancer Controller")
        .containsExactly(INGRESS_CLASS_MISSING);
    assertThat(
            orphan("", Scene.LONG_AGO)
                .each(Resources.INGRESSES, i -> named(i, "cm-acme-http-solver-x7k2p"))
                .findings())
        .as("cert-manager removes it after the challenge")
        .isEmpty();
  }

  private static KubeIngress named(KubeIngress like, String name) {
    return copy(like, name, like.className(), like.annotations());
  }

  private static KubeIngress with(
      KubeIngress like, String className, Map<String, String> annotations) {
    return copy(like, like.name(), className, annotations);
  }

  private static KubeIngress copy(
      KubeIngress like, String name, String className, Map<String, String> annotations) {
    return new KubeIngress(
        like.namespace(),
        name,
        className,
        like.group(),
        like.scheme(),
        like.rules(),
        like.tls(),
        like.addresses(),
        annotations,
        like.reconcile(),
        like.created());
  }

  @Test
  void lowersConfidenceWithoutSubnetsRead() {
    var scene = reconcile(ReconcileCause.SUBNET_DISCOVERY, TEXT).without(Resources.LB_SUBNETS);

    assertThat(scene.findings())
        .singleElement()
        .satisfies(f -> assertThat(f.confidence().label()).isEqualTo("medium"));
  }

  @Test
  void reportsMissingIngressClass() {
    assertThat(orphan("albb", Scene.LONG_AGO).causes()).containsExactly(INGRESS_CLASS_MISSING);
    assertThat(orphan("", Scene.LONG_AGO).causes()).containsExactly(INGRESS_CLASS_MISSING);
    assertThat(orphan("alb", Scene.LONG_AGO).findings()).isEmpty();
    assertThat(orphan("albb", Scene.NOW.minusSeconds(20)).findings()).isEmpty();
    assertThat(orphan("albb", Scene.LONG_AGO).without(Resources.INGRESS_CLASSES).findings())
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = ReconcileCause.class,
      names = {
        "CREDENTIALS_TRUST_POLICY",
        "IMDS_UNREACHABLE",
        "QUOTA_EXCEEDED",
        "WEBHOOK_UNREACHABLE",
        "WEBHOOK_CERTIFICATE",
        "AWS_API_UNREACHABLE",
        "LB_CERTIFICATE"
      },
      mode = EnumSource.Mode.EXCLUDE)
  void reportsEachReconcileCause(ReconcileCause cause) {
    assertThat(reconcile(cause, "a message").causes()).containsExactly(INGRESS_RECONCILE_FAILING);
  }

  @Test
  void doesNotReportReconcileErrorsThatOtherCausesExplain() {
    var withoutRole =
        new Component(
            "aws-load-balancer-controller",
            "kube-system",
            "lbc",
            2,
            2,
            false,
            ReconcileCause.OTHER,
            "",
            Optional.of(""),
            Set.of(CredentialSource.NONE));

    assertThat(reconcile(ReconcileCause.DNS, "a message").findings())
        .singleElement()
        .satisfies(f -> assertThat(f.holdFor()).isPositive());
    assertThat(
            reconcile(ReconcileCause.CREDENTIALS, "no EC2 IMDS role found")
                .with(Resources.COMPONENTS, List.of(withoutRole))
                .findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(CREDENTIALS_NOT_ASSOCIATED);
              assertThat(f.evidence().get(0)).contains("no EC2 IMDS role found");
            });
  }

  @Test
  void reportsProvisioningAfterTenMinutes() {
    assertThat(provisioning(Duration.ofMinutes(9)).findings()).isEmpty();
    assertThat(provisioning(Duration.ofMinutes(11)).causes()).containsExactly(LB_PROVISIONING);
  }

  @Test
  void countsProvisioningTimeOnlyUntilLastRead() {
    var before = provisioning(Duration.ofMinutes(9)).evidence();
    var later = new Evidence(before.now().plusSeconds(120), before.inventory(), before.agents());

    assertThat(new Scene(later).causes()).doesNotContain(LB_PROVISIONING);
  }

  @Test
  void reportsHostThatDoesNotResolveToItsLoadBalancer() {
    var elsewhere = new IngressHost("shop", "web", "shop.example.com", List.of("192.0.2.1"), false);
    var right = new IngressHost("shop", "web", "shop.example.com", List.of("10.0.0.1"), true);

    var missing = new IngressHost("shop", "web", "shop.example.com", List.of(), false);
    var scene = Scene.healthy().with(Resources.INGRESS_HOSTS, List.of(elsewhere));
    var externalDns = Scene.component("external-dns", "external-dns");
    var unresolved = Scene.healthy().with(Resources.INGRESS_HOSTS, List.of(missing));

    assertThat(scene.findings().get(0).confidence().label())
        .as("weighted records and other clusters resolve so on purpose")
        .isEqualTo("medium");
    assertThat(unresolved.findings().get(0).confidence().label())
        .as("nothing in the cluster writes records")
        .isEqualTo("medium");
    assertThat(
            unresolved
                .with(Resources.COMPONENTS, List.of(externalDns))
                .findings()
                .get(0)
                .confidence()
                .label())
        .isEqualTo("high");
    assertThat(scene.causes()).containsExactly(INGRESS_DNS_MISMATCH);
    assertThat(scene.findings().get(0).fix()).last(STRING).contains("eksnet.io/dns: elsewhere");
    assertThat(scene.findings().get(0).holdFor())
        .as("three reads, one per minute")
        .isGreaterThan(Duration.ofMinutes(2));
    assertThat(Scene.healthy().with(Resources.INGRESS_HOSTS, List.of(right)).findings()).isEmpty();
  }

  private static Scene reconcile(ReconcileCause cause, String message) {
    var last = new Reconcile(true, cause, "FailedBuildModel", message, 3);
    return Scene.healthy()
        .with(
            Resources.INGRESSES,
            List.of(ingress("alb", List.of(), Optional.of(last), Scene.LONG_AGO)));
  }

  private static Scene orphan(String className, Instant created) {
    return Scene.healthy()
        .with(
            Resources.INGRESSES, List.of(ingress(className, List.of(), Optional.empty(), created)));
  }

  private static Scene provisioning(Duration age) {
    var lb = Scene.loadBalancer("provisioning");
    return Scene.healthy()
        .with(
            Resources.LOAD_BALANCERS,
            List.of(
                new LoadBalancer(
                    lb.arn(),
                    lb.name(),
                    lb.dnsName(),
                    lb.type(),
                    lb.scheme(),
                    lb.state(),
                    lb.stateReason(),
                    lb.vpcId(),
                    lb.subnets(),
                    lb.securityGroups(),
                    lb.listeners(),
                    Scene.NOW.minus(age),
                    Optional.empty())));
  }

  private static Eligibility rejected(String subnet, String zone, IneligibleReason why) {
    return new Eligibility(Scheme.INTERNET_FACING, subnet, zone, why);
  }

  private static KubeIngress ingress(
      String className, List<String> addresses, Optional<Reconcile> reconcile, Instant created) {
    var usual = Scene.ingress();
    return new KubeIngress(
        usual.namespace(),
        usual.name(),
        className,
        usual.group(),
        usual.scheme(),
        usual.rules(),
        usual.tls(),
        addresses,
        usual.annotations(),
        reconcile,
        created);
  }
}
