package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ScaledToZero;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Errors of one load balancer with two target groups, of the Services web and api. */
class SharedLoadBalancerTest {
  private static final IngressRule WEB = rule("shop.example.com", "/", "web");
  private static final IngressRule API = rule("api.example.com", "/", "api");
  private static final String WEB_PATH = "80 shop.example.com";
  private static final String API_PATH = "80 api.example.com";
  private static final String API_ARN = "arn:tg/api";

  @Test
  void attributesErrorsToTheGroupOfTheHost() {
    var scene = shared(List.of("healthy", "healthy"), WEB, API);

    assertThat(scene.findings()).isEmpty();
    assertThat(found(answering(scene, 502, WEB_PATH)))
        .containsExactly("keepalive_shorter_than_idle target_group/k8s-shop-web-tg");
    assertThat(found(answering(scene, 502, API_PATH)))
        .containsExactly("keepalive_shorter_than_idle target_group/k8s-shop-api-tg");
  }

  @Test
  void doesNotBlameRolloutForErrorsOfAnotherGroup() {
    var rolling = shared(List.of("draining", "healthy"), WEB, API);

    assertThat(found(answering(rolling, 502, WEB_PATH)))
        .containsExactly("keepalive_shorter_than_idle target_group/k8s-shop-web-tg");
    assertThat(found(lately(rolling, 502, API_PATH)))
        .containsExactly("rollout_without_drain target_group/k8s-shop-api-tg");
  }

  @Test
  void doesNotBlameEmptyGroupForErrorsOfAnotherGroup() {
    var empty = shared(List.of(), WEB, API);

    assertThat(found(answering(empty, 503, WEB_PATH))).isEmpty();
    assertThat(found(answering(empty, 503, API_PATH)))
        .containsExactly("targets_not_registered target_group/k8s-shop-api-tg");
  }

  @Test
  void attributesErrorsToTheShortestPathOfAHost() {
    var rolling =
        shared(List.of("draining", "healthy"), WEB, rule("shop.example.com", "/api", "api"));

    assertThat(found(answering(rolling, 502, WEB_PATH)))
        .containsExactly("keepalive_shorter_than_idle target_group/k8s-shop-web-tg");
  }

  @Test
  void attributesErrorsToTheAnnotatedPath() {
    var rolling =
        shared(List.of("draining", "healthy"), WEB, rule("shop.example.com", "/api", "api"))
            .each(Resources.INGRESSES, i -> annotated(i, Map.of("eksnet.io/path", "/api/health")));

    assertThat(found(lately(rolling, 502, WEB_PATH)))
        .containsExactly("rollout_without_drain target_group/k8s-shop-api-tg");
  }

  @Test
  void skipsServiceScaledToZero() {
    var rolling =
        shared(List.of("draining", "healthy"), WEB, rule("shop.example.com", "/api", "api"))
            .with(Resources.SCALED_TO_ZERO, List.of(new ScaledToZero("shop", "web")));

    assertThat(found(lately(rolling, 502, WEB_PATH)))
        .containsExactly("rollout_without_drain target_group/k8s-shop-api-tg");
  }

  @Test
  void attributesUnmatchedRequestsToDefaultBackend() {
    var rolling = shared(List.of("draining", "healthy"), WEB, rule("", "", "api"));

    assertThat(found(answering(rolling, 502, WEB_PATH)))
        .containsExactly("keepalive_shorter_than_idle target_group/k8s-shop-web-tg");
    assertThat(found(lately(rolling, 502, "80")))
        .containsExactly("rollout_without_drain target_group/k8s-shop-api-tg");
  }

  @Test
  void findsNothingWhereTheBackendIsAmbiguous() {
    var health = List.of("draining", "healthy");
    var ambiguous = shared(health, WEB, rule("*.example.com", "/", "api"));
    var action =
        shared(health, new IngressRule("shop.example.com", "/", "split", "use-annotation"), API);
    var unbound = shared(health, WEB, API).without(Resources.TARGET_GROUP_BINDINGS);

    assertThat(found(answering(ambiguous, 502, WEB_PATH))).isEmpty();
    assertThat(found(answering(action, 502, WEB_PATH))).isEmpty();
    assertThat(answering(unbound, 502, WEB_PATH).findings())
        .noneMatch(finding -> finding.scope().startsWith("target_group/"));
  }

  @Test
  void matchesPortsByNumberAndName() {
    var named =
        shared(List.of("healthy"), new IngressRule("shop.example.com", "/", "web", "http"), API);

    assertThat(found(answering(named, 502, WEB_PATH)))
        .containsExactly("keepalive_shorter_than_idle target_group/k8s-shop-web-tg");
  }

  private static List<String> found(Scene scene) {
    return scene.findings().stream().map(f -> f.cause().label() + " " + f.scope()).toList();
  }

  /** Makes the load balancer send this code itself for one host. */
  private static Scene answering(Scene scene, int code, String listener) {
    return scene.results(
        node -> true,
        subject -> subject.equals(new LbKey("k8s-shop-web", listener)),
        at -> new Result(at, "http_status", Phase.PROCESSING, code, true, false, 0, Map.of()));
  }

  private static Scene lately(Scene scene, int code, String listener) {
    return scene.answeredLately(
        subject -> subject.equals(new LbKey("k8s-shop-web", listener)), code);
  }

  /** The group of web is healthy, that of api has targets in these states. */
  private static Scene shared(List<String> states, IngressRule... rules) {
    var scene = Scene.healthy();
    var web = scene.evidence().inventory().list(Resources.TARGET_GROUP_BINDINGS).get(0);
    var api = scene.evidence().inventory().list(Resources.SERVICES).get(1);
    var every = Duration.ofMinutes(1);
    var targets =
        states.stream().map(state -> target("10.0.0.9" + states.indexOf(state), state)).toList();
    return scene
        .each(Resources.INGRESSES, ingress -> with(ingress, List.of(rules)))
        .with(Resources.SERVICES, List.of(named(api, "web"), named(api, "api")))
        .with(Resources.TARGET_GROUP_BINDINGS, List.of(web, of("api", API_ARN)))
        .with(
            Resources.TARGET_GROUPS,
            List.of(Scene.targetGroup(), group("k8s-shop-api-tg", API_ARN)))
        .with(
            Resources.TARGET_HEALTH,
            List.of(
                new GroupHealth(
                    Scene.TG_ARN, Snapshot.of(scene.targets(), Scene.NOW, every), Optional.empty()),
                new GroupHealth(
                    API_ARN,
                    Snapshot.of(targets, Scene.NOW, every),
                    Optional.of(Scene.NOW.minus(every)))))
        .agents(SharedLoadBalancerTest::asking);
  }

  private static AgentReport asking(AgentReport agent) {
    var well =
        Stream.of(API_PATH, "80")
            .map(listener -> new LbKey("k8s-shop-web", listener))
            .map(path -> new ResultWindow(path, List.of(well(2), well(17))));
    return new AgentReport(
        agent.node(),
        agent.zone(),
        Stream.concat(agent.windows().stream(), well).toList(),
        agent.host());
  }

  private static Result well(int secondsAgo) {
    var at = Scene.NOW.minusSeconds(secondsAgo);
    return new Result(at, "success", Phase.PROCESSING, 200, false, false, 3, Map.of());
  }

  private static IngressRule rule(String host, String path, String service) {
    return new IngressRule(host, path, service, "80");
  }

  private static TargetHealth target(String ip, String state) {
    return new TargetHealth(API_ARN, ip, 8080, Scene.ZONES.get(0), state, "", "", 8080);
  }

  private static TargetGroup group(String name, String arn) {
    var web = Scene.targetGroup();
    return new TargetGroup(
        arn,
        name,
        web.protocol(),
        web.protocolVersion(),
        web.port(),
        web.targetType(),
        web.loadBalancerArns(),
        web.healthCheck(),
        Optional.empty());
  }

  private static TargetGroupBinding of(String service, String arn) {
    return new TargetGroupBinding(
        "shop", "k8s-shop-" + service, service, "80", arn, Optional.empty());
  }

  private static KubeService named(KubeService service, String name) {
    return new KubeService(
        service.namespace(),
        name,
        service.type(),
        service.clusterIps(),
        List.of(new ServicePort("http", "TCP", 80, 0, Optional.empty(), "")),
        service.addresses(),
        service.annotations(),
        Set.of(),
        service.endpoints(),
        Optional.empty());
  }

  private static KubeIngress with(KubeIngress ingress, List<IngressRule> rules) {
    return changed(ingress, rules, ingress.annotations());
  }

  private static KubeIngress annotated(KubeIngress ingress, Map<String, String> annotations) {
    return changed(ingress, ingress.rules(), annotations);
  }

  private static KubeIngress changed(
      KubeIngress ingress, List<IngressRule> rules, Map<String, String> annotations) {
    return new KubeIngress(
        ingress.namespace(),
        ingress.name(),
        ingress.className(),
        ingress.group(),
        ingress.scheme(),
        rules,
        ingress.tls(),
        ingress.addresses(),
        annotations,
        ingress.reconcile(),
        ingress.created());
  }
}
