package io.eksnet.controller.metrics;

import static io.eksnet.controller.metrics.Shown.MINUTE;
import static io.eksnet.controller.metrics.Shown.NOON;
import static io.eksnet.controller.metrics.Shown.and;
import static io.eksnet.controller.metrics.Shown.knowing;
import static io.eksnet.controller.metrics.Shown.lacking;
import static io.eksnet.controller.metrics.Shown.series;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.CallerIdentity;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Issue;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformGaugesTest {
  @Test
  void reportsCrashLoopUnderItsCause() {
    var inventory =
        knowing(
            Resources.COMPONENTS,
            List.of(component("coredns", false), component("karpenter", true)));

    assertThat(series("component_crashloop", inventory))
        .contains(
            "component=karpenter cause=credentials 1",
            "component=karpenter cause=dns 0",
            "component=coredns cause=credentials 0")
        .hasSize(2 * ReconcileCause.values().length);
  }

  @Test
  void conditionsAreShownAsTheyAreNow() {
    var inventory =
        knowing(
            Resources.NODE_CLASSES,
            List.of(
                nodeClass("karpenter.k8s.aws", "${TEMPLATE}"), nodeClass("eks.amazonaws.com", "")));

    assertThat(series("nodeclass_condition", inventory))
        .containsExactly("nodeclass=default condition=Ready status=False reason=SubnetsNotFound 1");
    assertThat(series("nodeclass_unrendered_template", inventory))
        .containsExactly("nodeclass=default 1");
  }

  @Test
  void whatEksReportsOfTheClusterIsShown() {
    var inventory =
        and(
            knowing(Resources.CLUSTER, cluster("EXTENDED")),
            Resources.ADDONS,
            List.of(
                new Addon(
                    "coredns",
                    Optional.of("DEGRADED"),
                    Optional.empty(),
                    List.of(
                        new Issue("InsufficientNumberOfReplicas", Optional.empty()),
                        new Issue("InsufficientNumberOfReplicas", Optional.empty()))),
                new Addon("vpc-cni", Optional.of("ACTIVE"), Optional.empty(), List.of())));

    assertThat(series("cluster_health_issue", inventory))
        .containsExactly("code=InsufficientFreeAddresses 1");
    assertThat(series("addon_health_issue", inventory))
        .containsExactly("addon=coredns code=InsufficientNumberOfReplicas 1");
    assertThat(series("cluster_upgrade_policy", inventory))
        .containsExactly("support_type=EXTENDED 1", "support_type=STANDARD 0");
    assertThat(series("cluster_standard_support_end_timestamp_seconds", inventory))
        .containsExactly("version=1.35 1795262400");
  }

  @Test
  void anUnsaidSupportTypeIsNoSupportType() {
    assertThat(series("cluster_upgrade_policy", knowing(Resources.CLUSTER, cluster("")))).isEmpty();
  }

  @Test
  void credentialsThatWorkAreShownUnderTheirMethod() {
    assertThat(credentials(identity())).containsExactly("method=irsa 1");
  }

  @Test
  void refusedCredentialsFailAtOnceAndForAsLongAsTheyAreRefused() {
    var refused = identity().after(new Unavailable(Unavailable.Reason.DENIED, "ExpiredToken"));

    assertThat(credentials(refused)).containsExactly("method=irsa 0");
    assertThat(
            series(
                "credentials_probe_success",
                Inventory.EMPTY.with(Resources.CALLER_IDENTITY, refused),
                NOON.plusSeconds(3600)))
        .containsExactly("method=irsa 0");
    assertThat(credentials(lacking(Unavailable.Reason.DENIED))).containsExactly("method=unknown 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the credentials have expired; GetCallerIdentity: ExpiredToken: …",
        "AWS does not accept the credentials; GetCallerIdentity: InvalidClientTokenId: …",
        "GetCallerIdentity: there are no credentials; Unable to load credentials …"
      })
  void credentialsThatAreNoGoodFailToo(String detail) {
    assertThat(credentials(identity().after(new Unavailable(Unavailable.Reason.ERROR, detail))))
        .containsExactly("method=irsa 0");
  }

  @Test
  void networkErrorIsNoEvidenceAboutCredentials() {
    assertThat(
            credentials(
                identity()
                    .after(new Unavailable(Unavailable.Reason.ERROR, "UnknownHostException"))))
        .containsExactly("method=irsa 1");
  }

  @Test
  void timeoutIsNoEvidenceAboutCredentials() {
    assertThat(credentials(lacking(Unavailable.Reason.TIMEOUT))).isEmpty();
    assertThat(credentials(identity().after(new Unavailable(Unavailable.Reason.TIMEOUT, ""))))
        .containsExactly("method=irsa 1");
  }

  @Test
  void pollsTellTheirAge() {
    var inventory =
        and(Inventory.EMPTY, Resources.SUBNETS, List.of())
            .with(Resources.NODES, lacking(Unavailable.Reason.DENIED))
            .with(Resources.ENI_CONFIGS, lacking(Unavailable.Reason.ABSENT));

    assertThat(series("poll_last_success_timestamp_seconds", inventory))
        .containsExactly("poll=subnets service=ec2 1795262400");
    assertThat(series("poll_interval_seconds", inventory))
        .containsExactly("poll=nodes service=kubernetes 60", "poll=subnets service=ec2 60");
  }

  /** Many groups cannot be read within one interval; the age is that of the oldest. */
  @Test
  void targetHealthIsAsOldAsItsOldestGroup() {
    var own = Duration.ofMinutes(5);
    var groups =
        List.of(
            new GroupHealth("new", Snapshot.of(List.of(), NOON, own), Optional.empty()),
            new GroupHealth(
                "old", Snapshot.of(List.of(), NOON.minusSeconds(200), own), Optional.empty()),
            new GroupHealth(
                "never",
                Snapshot.<List<TargetHealth>>notYet(own)
                    .after(new Unavailable(Unavailable.Reason.ERROR, "")),
                Optional.empty()));

    var inventory = and(Inventory.EMPTY, Resources.TARGET_HEALTH, groups);

    assertThat(series("poll_last_success_timestamp_seconds", inventory))
        .containsExactly("poll=target_health service=elbv2 1795262200");
    assertThat(series("poll_interval_seconds", inventory))
        .containsExactly("poll=target_health service=elbv2 300");
  }

  @Test
  void theAgeOfAPollOutlivesItsValue() {
    var inventory = and(Inventory.EMPTY, Resources.SUBNETS, List.of());

    assertThat(series("poll_last_success_timestamp_seconds", inventory, NOON.plusSeconds(86_400)))
        .containsExactly("poll=subnets service=ec2 1795262400");
  }

  private static List<String> credentials(Snapshot<CallerIdentity> known) {
    return series(
        "credentials_probe_success", Inventory.EMPTY.with(Resources.CALLER_IDENTITY, known));
  }

  private static Snapshot<CallerIdentity> identity() {
    return Snapshot.of(new CallerIdentity("irsa"), NOON, MINUTE);
  }

  private static Component component(String name, boolean crashLoop) {
    return new Component(
        name,
        "kube-system",
        name,
        2,
        1,
        crashLoop,
        ReconcileCause.CREDENTIALS,
        "",
        Optional.empty(),
        Set.of(CredentialSource.IRSA));
  }

  private static NodeClass nodeClass(String api, String template) {
    return new NodeClass(
        api,
        "default",
        List.of(new Condition("Ready", "False", "SubnetsNotFound", "no subnet")),
        template.isEmpty() ? List.of() : List.of(template),
        List.of());
  }

  private static EksCluster cluster(String supportType) {
    return new EksCluster(
        "demo",
        Optional.empty(),
        Optional.empty(),
        "1.35",
        "vpc-1",
        List.of(),
        false,
        supportType,
        Optional.of(NOON),
        List.of(new Issue("InsufficientFreeAddresses", Optional.empty())));
  }
}
