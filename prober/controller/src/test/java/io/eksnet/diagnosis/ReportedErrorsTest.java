package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.AWS_API_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.CONTROLLER_DOWN;
import static io.eksnet.model.diagnosis.RootCause.LB_CERTIFICATE;
import static io.eksnet.model.diagnosis.RootCause.NO_EGRESS;
import static io.eksnet.model.diagnosis.RootCause.QUOTA_EXCEEDED;
import static io.eksnet.model.diagnosis.RootCause.WEBHOOK_CERTIFICATE;
import static io.eksnet.model.diagnosis.RootCause.WEBHOOK_UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.RecordedMessage;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.inventory.AggregatedApi;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors of controllers whose cause is outside the object: quotas, webhooks, AWS APIs, ACM. */
class ReportedErrorsTest {
  private static final Set<String> LABELS =
      Set.of(
          "quota_exceeded",
          "webhook_unreachable",
          "webhook_certificate",
          "aws_api_unreachable",
          "lb_certificate");

  private static final String RULES =
      "Failed deploy model due to operation error EC2: AuthorizeSecurityGroupIngress, https"
          + " response error StatusCode: 400, RequestID: 0e1, api error"
          + " RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group"
          + " has been reached.";

  private static final String WEBHOOK =
      "Failed deploy model due to Internal error occurred: failed calling webhook"
          + " \"mtargetgroupbinding.elbv2.k8s.aws\": failed to call webhook: Post"
          + " \"https://aws-load-balancer-webhook-service.kube-system.svc:443/mutate?timeout=10s\":"
          + " ";

  private static final String WAF =
      "Failed deploy model due to RequestError: send request failed caused by: Post"
          + " \"https://wafv2.eu-west-1.amazonaws.com/\": dial tcp 52.94.225.165:443: i/o timeout";

  static Stream<RecordedMessage> messages() {
    return RecordedMessage.readBy("reconcile").filter(one -> LABELS.contains(one.expected()));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void namesTheCauseOfEachRecordedMessage(RecordedMessage recorded) {
    var cause = ReconcileCause.valueOf(recorded.expected().toUpperCase(Locale.ROOT));

    assertThat(ingresses(cause, recorded.message(), "", "a").findings())
        .singleElement()
        .satisfies(f -> assertThat(f.cause().label()).isEqualTo(recorded.expected()));
  }

  @Test
  void reportsAQuotaOfTheVpcOnceForAllObjects() {
    var scene =
        bindings(ingresses(ReconcileCause.QUOTA_EXCEEDED, RULES, "", "a", "b"), RULES, "x", "y");

    var finding = one(scene);

    assertThat(finding.cause()).isEqualTo(QUOTA_EXCEEDED);
    assertThat(finding.scope()).isEqualTo("ingress/shop/a");
    assertThat(finding.affected())
        .containsExactly(
            "ingress/shop/b", "targetgroupbinding/shop/x", "targetgroupbinding/shop/y");
    assertThat(finding.fix().get(0)).contains("rules of the security group");
    assertThat(finding.fix().get(1)).endsWith("--service-code vpc");
  }

  @Test
  void reportsAQuotaOfLoadBalancersForEachOfThem() {
    var message =
        "TooManyRules: You've reached the limit on the number of rules per load balancer.";
    var scene =
        Scene.healthy()
            .with(
                Resources.INGRESSES,
                List.of(
                    ingress("a", "edge", ReconcileCause.QUOTA_EXCEEDED, message),
                    ingress("b", "edge", ReconcileCause.QUOTA_EXCEEDED, message),
                    ingress("c", "", ReconcileCause.QUOTA_EXCEEDED, message)));

    assertThat(scene.findings())
        .extracting(Finding::scope)
        .containsExactly("ingress/shop/a", "ingress/shop/c");
    assertThat(scene.findings().get(0).affected()).containsExactly("ingress/shop/b");
    assertThat(scene.findings().get(0).fix().get(0)).startsWith("split the Ingress group");
  }

  @Test
  void reportsQuotasThatDifferApart() {
    var scene =
        Scene.healthy()
            .with(
                Resources.INGRESSES,
                List.of(
                    ingress("a", "", ReconcileCause.QUOTA_EXCEEDED, RULES),
                    ingress(
                        "b", "", ReconcileCause.QUOTA_EXCEEDED, "TooManyLoadBalancers: limit")));

    assertThat(scene.findings()).hasSize(2);
  }

  @Test
  void ignoresErrorsThatAreOver() {
    var repaired = new Reconcile(false, ReconcileCause.QUOTA_EXCEEDED, "Ok", RULES, 9);
    var scene =
        Scene.healthy()
            .each(Resources.INGRESSES, one -> with(one, Optional.of(repaired)))
            .each(Resources.TARGET_GROUP_BINDINGS, one -> with(one, one.name(), repaired));

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void reportsOneWebhookForAllObjectsWhoseWritesItBlocks() {
    var text = WEBHOOK + "context deadline exceeded";
    var scene = ingresses(ReconcileCause.WEBHOOK_UNREACHABLE, text, "", "a", "b", "c");

    var finding = one(scene);

    assertThat(finding.cause()).isEqualTo(WEBHOOK_UNREACHABLE);
    assertThat(finding.scope()).isEqualTo("service/kube-system/aws-load-balancer-webhook-service");
    assertThat(finding.affected()).hasSize(3);
    assertThat(finding.fix())
        .as("its pods are not known")
        .noneMatch(step -> step.contains("security group"));
    assertThat(one(webhookPods(scene, true)).fix().get(0))
        .contains("cluster security group", "9443");
  }

  @Test
  void saysWhetherTheWebhookHasReadyPods() {
    var scene = ingresses(ReconcileCause.WEBHOOK_UNREACHABLE, WEBHOOK + "EOF", "", "a");

    assertThat(one(webhookPods(scene, true)).excluded())
        .containsExactly("not the pods of the webhook: they are ready");
    assertThat(one(webhookPods(scene, false)).excluded()).isEmpty();
    assertThat(one(webhookPods(scene, false)).evidence())
        .contains("0 of 1 pods of the Service are ready");
    assertThat(one(webhookPods(scene, false)).fix().get(0)).startsWith("make its pods ready");
    assertThat(one(webhookPods(scene, false)).fix())
        .noneMatch(step -> step.contains("security group") || step.contains("hostNetwork"));
  }

  /** Its registration is an APIService, which no webhook configuration names. */
  @Test
  void doesNotAdviseToDeleteWebhooksForAnAggregatedApi() {
    var api =
        new AggregatedApi(
            "v1beta1.metrics.k8s.io",
            "kube-system",
            "aws-load-balancer-webhook-service",
            443,
            AggregatedApi.Problem.UNREACHABLE,
            "FailedDiscoveryCheck: failing or missing response");
    var finding =
        one(webhookPods(Scene.healthy(), true).with(Resources.AGGREGATED_APIS, List.of(api)));

    assertThat(finding.cause()).isEqualTo(WEBHOOK_UNREACHABLE);
    assertThat(finding.fix())
        .anyMatch(step -> step.contains("cluster security group"))
        .noneMatch(step -> step.contains("webhookconfigurations"));
  }

  @Test
  void treatsAnUnreachableWebhookAsConsequenceOfItsController() {
    var down =
        ingresses(ReconcileCause.WEBHOOK_UNREACHABLE, WEBHOOK + "no endpoints available", "", "a")
            .with(Resources.COMPONENTS, List.of(component(0, ReconcileCause.OTHER, "exit code 1")));

    assertThat(down.causes()).containsExactly(CONTROLLER_DOWN, WEBHOOK_UNREACHABLE);
    assertThat(Causality.causes(down.findings()))
        .extracting(Finding::cause)
        .containsExactly(CONTROLLER_DOWN);
  }

  @Test
  void namesCertificateOfWebhookAndNotItsNetwork() {
    var text = WEBHOOK + "tls: failed to verify certificate: x509: certificate has expired";
    var finding = one(ingresses(ReconcileCause.WEBHOOK_CERTIFICATE, text, "", "a"));

    assertThat(finding.cause()).isEqualTo(WEBHOOK_CERTIFICATE);
    assertThat(String.join(" ", finding.fix())).contains("caBundle").doesNotContain("9443");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Post "https://wafv2.eu-west-1.amazonaws.com/": dial tcp 1.2.3.4:443: i/o timeout | wafv2
          Post "https://ec2.us-gov-west-1.amazonaws.com/": dial tcp 1.2.3.4:443: i/o timeout | ec2
          Post "https://sts.cn-north-1.amazonaws.com.cn/": dial tcp 1.2.3.4:443: i/o timeout | sts
          Post "https://ec2.eu-west-1.api.aws/": dial tcp 1.2.3.4:443: i/o timeout | ec2
          Get "https://route53.amazonaws.com/2013-04-01/hostedzone": dial tcp 1.2.3.4:443: i/o timeout | route53
          Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 1.2.3.4:443: i/o timeout | ecr.api
          Get "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/": dial tcp 1.2.3.4:443: i/o timeout | ecr.dkr
          operation error EC2: DescribeSubnets, https response error StatusCode: 0, canceled | ec2
          operation error Elastic Load Balancing v2: DescribeTags, https response error StatusCode: 0 | elasticloadbalancing
          """)
  void namesTheApi(String message, String api) {
    assertThat(one(ingresses(ReconcileCause.AWS_API_UNREACHABLE, message, "", "a")).scope())
        .isEqualTo("aws_api/" + api);
  }

  @Test
  void distinguishesAMissingEndpointFromOneThatDoesNotAnswer() {
    var scene = ingresses(ReconcileCause.AWS_API_UNREACHABLE, WAF, "", "a", "b");
    var ec2 = new VpcEndpoint("vpce-1", "ec2", "available", true, List.of());
    var waf = new VpcEndpoint("vpce-2", "wafv2", "available", true, List.of());

    var missing = one(scene.with(Resources.VPC_ENDPOINTS, List.of(ec2)));
    var silent = one(scene.with(Resources.VPC_ENDPOINTS, List.of(ec2, waf)));
    var unread = one(scene.without(Resources.VPC_ENDPOINTS));

    assertThat(missing.cause()).isEqualTo(AWS_API_UNREACHABLE);
    assertThat(missing.evidence()).contains("the VPC has no endpoint for wafv2");
    assertThat(missing.excluded()).contains("not all AWS APIs: 6 nodes reach STS");
    assertThat(missing.fix().get(1)).contains("--enable-wafv2=false");
    assertThat(silent.fix().get(0)).contains("security group of vpce-2");
    assertThat(String.join(" ", unread.evidence())).doesNotContain("endpoint for");
    assertThat(String.join(" ", unread.fix())).doesNotContain("add a VPC endpoint");
  }

  /** Go, crypto/x509: the text of an UnknownAuthorityError. */
  @Test
  void namesTheProxyThatInterceptsTlsToAnApi() {
    var intercepted =
        WAF.replace(
            "dial tcp 52.94.225.165:443: i/o timeout",
            "tls: failed to verify certificate: x509: certificate signed by unknown authority");

    var found = one(ingresses(ReconcileCause.AWS_API_UNREACHABLE, intercepted, "", "a"));

    assertThat(found.scope()).isEqualTo("aws_api/wafv2");
    assertThat(found.fix()).singleElement().asString().contains("intercepts TLS");
  }

  @Test
  void treatsUnreachableApiAsConsequenceOfMissingEgress() {
    var scene =
        ingresses(ReconcileCause.AWS_API_UNREACHABLE, WAF, "", "a")
            .agents(ReportedErrorsTest::publicSts)
            .failing(Scene.a(StsKey.class), "timeout", Phase.CONNECT);

    assertThat(Causality.causes(scene.findings()))
        .extracting(Finding::cause)
        .containsExactly(NO_EGRESS);
  }

  @Test
  void readsTerminationMessagesOfControllers() {
    var text =
        "ec2 api connectivity check failed, operation error EC2: DescribeInstanceTypes, request"
            + " send failed, Post \"https://ec2.eu-west-1.amazonaws.com/\": dial tcp 1.2.3.4:443:"
            + " i/o timeout";
    var scene =
        Scene.healthy()
            .with(
                Resources.COMPONENTS,
                List.of(component(0, ReconcileCause.AWS_API_UNREACHABLE, text)));

    assertThat(one(scene).scope()).isEqualTo("aws_api/ec2");
    assertThat(one(scene).affected()).containsExactly("component/aws-load-balancer-controller");
  }

  @Test
  void waitsForTheNextTryAfterASingleTimeout() {
    var once = new Reconcile(true, ReconcileCause.AWS_API_UNREACHABLE, "Failed", WAF, 1);
    var single = Scene.healthy().each(Resources.INGRESSES, one -> with(one, Optional.of(once)));

    assertThat(one(single).holdFor()).hasSeconds(30);
    assertThat(one(ingresses(ReconcileCause.AWS_API_UNREACHABLE, WAF, "", "a")).holdFor()).isZero();
  }

  @Test
  void reportsMissingCertificateOnceForAGroup() {
    var message = "Failed build model due to ingress: shop/a: no certificate found for host: x.io";
    var scene = ingresses(ReconcileCause.LB_CERTIFICATE, message, "edge", "a", "b");

    assertThat(one(scene).cause()).isEqualTo(LB_CERTIFICATE);
    assertThat(one(scene).affected()).containsExactly("ingress/shop/b");
    assertThat(ingresses(ReconcileCause.LB_CERTIFICATE, message, "", "a", "b").findings())
        .hasSize(2);
  }

  private static Finding one(Scene scene) {
    assertThat(scene.findings()).hasSize(1);
    return scene.findings().get(0);
  }

  private static Scene ingresses(
      ReconcileCause cause, String message, String group, String... names) {
    return Scene.healthy()
        .with(
            Resources.INGRESSES,
            Stream.of(names).map(name -> ingress(name, group, cause, message)).toList());
  }

  private static KubeIngress ingress(
      String name, String group, ReconcileCause cause, String message) {
    var like = Scene.ingress();
    return new KubeIngress(
        "shop",
        name,
        "alb",
        group,
        like.scheme(),
        like.rules(),
        like.tls(),
        List.of(),
        Map.of(),
        Optional.of(new Reconcile(true, cause, "FailedDeployModel", message, 3)),
        Scene.LONG_AGO);
  }

  private static KubeIngress with(KubeIngress like, Optional<Reconcile> last) {
    return new KubeIngress(
        like.namespace(),
        like.name(),
        like.className(),
        like.group(),
        like.scheme(),
        like.rules(),
        like.tls(),
        like.addresses(),
        like.annotations(),
        last,
        like.created());
  }

  private static Scene bindings(Scene scene, String message, String... names) {
    var like = scene.evidence().inventory().list(Resources.TARGET_GROUP_BINDINGS).get(0);
    var last =
        new Reconcile(true, ReconcileCause.QUOTA_EXCEEDED, "FailedNetworkReconcile", message, 2);
    return scene.with(
        Resources.TARGET_GROUP_BINDINGS,
        Stream.of(names).map(name -> with(like, name, last)).collect(Collectors.toList()));
  }

  private static TargetGroupBinding with(TargetGroupBinding like, String name, Reconcile last) {
    return new TargetGroupBinding(
        like.namespace(),
        name,
        like.service(),
        like.servicePort(),
        like.targetGroupArn(),
        Optional.of(last));
  }

  private static Scene webhookPods(Scene scene, boolean ready) {
    var service =
        new KubeService(
            "kube-system",
            "aws-load-balancer-webhook-service",
            "ClusterIP",
            List.of("172.20.3.9"),
            List.of(new ServicePort("", "TCP", 443, 0, Optional.empty(), "")),
            List.of(),
            Map.of(),
            Set.of(),
            Optional.of(List.of(new Endpoint("10.0.0.90", ready, false, "n1"))),
            Optional.empty());
    return scene.with(
        Resources.SERVICES,
        Stream.concat(
                scene.evidence().inventory().list(Resources.SERVICES).stream(), Stream.of(service))
            .toList());
  }

  private static Component component(int ready, ReconcileCause cause, String message) {
    return new Component(
        "aws-load-balancer-controller",
        "kube-system",
        "aws-load-balancer-controller",
        2,
        ready,
        true,
        cause,
        message,
        Optional.of("arn:aws:iam::1:role/lbc"),
        Set.of(CredentialSource.IRSA));
  }

  /** STS resolves to public addresses, as without a VPC endpoint. */
  private static AgentReport publicSts(AgentReport agent) {
    var host = agent.host();
    return new AgentReport(
        agent.node(),
        agent.zone(),
        agent.windows(),
        new HostReport(
            host.nameserversOk(),
            host.podIdentityAgent(),
            host.ipamd(),
            host.pool(),
            host.allowances(),
            Map.of("sts", false),
            Map.of()));
  }
}
