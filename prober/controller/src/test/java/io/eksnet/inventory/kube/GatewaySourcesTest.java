package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayRoute.Backend;
import io.eksnet.model.inventory.GatewayRoute.PathMatch;
import io.eksnet.model.inventory.GatewayRoute.Rule;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class GatewaySourcesTest {
  private static final String GATEWAY_API = "/apis/gateway.networking.k8s.io/v1/";

  private final FaultyApi api = new FaultyApi();

  @AfterEach
  void close() {
    api.close();
  }

  private KubeBench bench() {
    return new KubeBench(api.url(), KubeBench.QUICK);
  }

  private void put(String path, String namespace, String name, String yaml) {
    var json = Serialization.asJson(Serialization.unmarshal(yaml, java.util.Map.class));
    api.put(path, namespace, name, new JsonObject(json));
  }

  private void putGatewayClass(String parameters) {
    put(
        GATEWAY_API + "gatewayclasses",
        "",
        "alb",
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GatewayClass
        spec:
          controllerName: gateway.k8s.aws/alb
          %s
        status:
          conditions:
          - {type: Accepted, status: "True", reason: Accepted, message: Accepted}
        """
            .formatted(parameters));
  }

  private void putGateway(String parameters) {
    put(
        GATEWAY_API + "gateways",
        "shop",
        "edge",
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata:
          generation: 2
          annotations: {eksnet.io/probe: https, unrelated: "1"}
        spec:
          gatewayClassName: alb
          %s
          listeners:
          - {name: http, port: 80, protocol: HTTP}
          - {name: https, port: 443, protocol: HTTPS, hostname: "*.example.com"}
        status:
          addresses: [{type: Hostname, value: edge.elb.amazonaws.com}]
          conditions:
          - {type: Accepted, status: "False", reason: Invalid, message: see events, observedGeneration: 2}
          - {type: Programmed, status: "True", reason: Programmed, message: "", observedGeneration: 1}
          listeners:
          - name: https
            conditions:
            - {type: ResolvedRefs, status: "False", reason: RefNotPermitted, message: "", observedGeneration: 2}
        """
            .formatted(parameters));
  }

  @Test
  void readsGatewaysAndTheirClass() {
    putGatewayClass("");
    putGateway("");
    try (var bench = bench()) {
      var gateway = bench.await(Resources.GATEWAYS, all -> all.size() == 1).get(0);
      assertThat(gateway.fullName()).isEqualTo("shop/edge");
      assertThat(gateway.className()).isEqualTo("alb");
      assertThat(gateway.addresses()).containsExactly("edge.elb.amazonaws.com");
      assertThat(gateway.annotations()).containsOnlyKeys("eksnet.io/probe");
      assertThat(gateway.listeners())
          .extracting(one -> one.name() + " " + one.port() + one.hostname())
          .containsExactly("http 80", "https 443*.example.com");
      assertThat(gateway.listeners().get(1).conditions())
          .extracting(condition -> condition.type() + " " + condition.reason())
          .containsExactly("ResolvedRefs RefNotPermitted");
      assertThat(gateway.conditions())
          .as("the other one is about the spec before")
          .extracting(condition -> condition.type() + " " + condition.reason())
          .containsExactly("Accepted Invalid");

      var ofClass = bench.await(Resources.GATEWAY_CLASSES, all -> all.size() == 1).get(0);
      assertThat(ofClass.isAws()).isTrue();
      assertThat(ofClass.condition("Accepted").orElseThrow().isTrue()).isTrue();
    }
  }

  /** LBC docs, guide/gateway/loadbalancerconfig.md: scheme and mergingMode. */
  @ParameterizedTest
  @CsvSource({
    "'',              '',              '',                   INTERNAL",
    "internet-facing, '',              '',                   INTERNET_FACING",
    "'',              internet-facing, '',                   INTERNET_FACING",
    "internet-facing, internal,        '',                   INTERNAL",
    "internet-facing, internal,        prefer-gateway-class, INTERNAL",
    "internet-facing, internal,        prefer-gateway,       INTERNET_FACING",
    "'',              internal,        prefer-gateway,       INTERNAL"
  })
  void mergesConfigurationOfGatewayAndClass(
      String ofGateway, String ofClass, String mode, Scheme expected) {
    var reference = "parametersRef: {group: gateway.k8s.aws, kind: LoadBalancerConfiguration, ";
    putGatewayClass(reference + "name: shared, namespace: infra}");
    putGateway("infrastructure: {%sname: own}}".formatted(reference));
    var path = "/apis/gateway.k8s.aws/v1beta1/loadbalancerconfigurations";
    put(path, "shop", "own", configuration("scheme: \"%s\"".formatted(ofGateway)));
    put(
        path,
        "infra",
        "shared",
        configuration("scheme: \"%s\"\n  mergingMode: \"%s\"".formatted(ofClass, mode)));
    try (var bench = bench()) {
      assertThat(bench.await(Resources.GATEWAYS, all -> all.size() == 1))
          .extracting(Gateway::scheme)
          .containsExactly(expected);
    }
  }

  /** An unknown configuration may name subnets, and its scheme is unknown too. */
  @ParameterizedTest
  @CsvSource({"false, false, false", "true,  false, true", "false, true,  true"})
  void supposesThatUnknownConfigurationNamesSubnets(
      boolean ofGateway, boolean ofClass, boolean expected) {
    var reference = "parametersRef: {group: gateway.k8s.aws, kind: LoadBalancerConfiguration, ";
    putGatewayClass(ofClass ? reference + "name: shared, namespace: infra}" : "");
    putGateway(ofGateway ? "infrastructure: {%sname: own}}".formatted(reference) : "");
    try (var bench = bench()) {
      bench.await(Resources.GATEWAY_CLASSES, all -> all.size() == 1);
      assertThat(bench.await(Resources.GATEWAYS, all -> all.size() == 1))
          .extracting(Gateway::namesSubnets)
          .containsExactly(expected);
    }
  }

  private static String configuration(String spec) {
    return "apiVersion: gateway.k8s.aws/v1beta1\nkind: LoadBalancerConfiguration\nspec:\n  " + spec;
  }

  @Test
  void readsRoutes() {
    put(
        GATEWAY_API + "httproutes",
        "shop",
        "web",
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {generation: 4}
        spec:
          hostnames: [shop.example.com]
          parentRefs:
          - {name: edge, namespace: infra, sectionName: https}
          - {group: "", kind: Service, name: web}
          rules:
          - backendRefs: [{name: web, port: 80}, {name: old, port: 80, weight: 0}]
          - matches:
            - {path: {type: Exact, value: /up}, method: GET}
            - {path: {value: /api}, headers: [{name: x-version, value: "2"}]}
            - {path: {type: RegularExpression, value: "/v[0-9]+"}, method: POST}
            filters: [{type: RequestRedirect}]
            backendRefs:
            - {name: api, namespace: backend, port: 8080}
            - {group: "", kind: TargetGroupName, name: legacy}
        status:
          parents:
          - parentRef: {name: edge, namespace: infra, sectionName: https}
            controllerName: gateway.k8s.aws/alb
            conditions:
            - {type: Accepted, status: "False", reason: NoMatchingParent, message: m, observedGeneration: 4}
            - {type: ResolvedRefs, status: "True", reason: ResolvedRefs, message: "", observedGeneration: 3}
          - parentRef: {name: gone, namespace: infra}
            controllerName: gateway.k8s.aws/alb
        """);
    try (var bench = bench()) {
      var route = bench.await(Resources.GATEWAY_ROUTES, all -> all.size() == 1).get(0);
      assertThat(route.object()).isEqualTo("httproute/shop/web");
      assertThat(route.parents())
          .singleElement()
          .satisfies(
              parent -> {
                assertThat(parent.fullName()).isEqualTo("infra/edge");
                assertThat(parent.statuses())
                    .flatExtracting(status -> status.conditions())
                    .extracting(condition -> condition.reason())
                    .containsExactly("NoMatchingParent");
              });
      var others = List.of(new Backend("backend", "api", 8080), new Backend("shop", "", 0));
      assertThat(route.rules())
          .containsExactly(
              new Rule(PathMatch.PREFIX, "/", true, false, List.of(new Backend("shop", "web", 80))),
              new Rule(PathMatch.EXACT, "/up", true, true, others),
              new Rule(PathMatch.PREFIX, "/api", false, true, others),
              new Rule(PathMatch.PATTERN, "/v[0-9]+", false, true, others));
    }
  }

  @Test
  void readsEachRouteOnceFromTwoVersionsOfItsApi() {
    var tcp =
        """
        kind: TCPRoute
        spec:
          parentRefs: [{name: edge}]
          rules: [{backendRefs: [{name: db, port: 5432}]}]
        """;
    put(GATEWAY_API + "tcproutes", "shop", "db", tcp);
    put("/apis/gateway.networking.k8s.io/v1alpha2/tcproutes", "shop", "db", tcp);
    try (var bench = bench()) {
      assertThat(bench.await(Resources.GATEWAY_ROUTES, all -> !all.isEmpty()))
          .extracting(route -> route.object() + " " + route.rules().get(0).backends())
          .containsExactly("tcproute/shop/db [Backend[namespace=shop, service=db, port=5432]]");
    }
  }

  @Test
  void aClusterWithoutTheGatewayApiHasNoFault() {
    try (var bench = bench()) {
      for (var resource :
          List.of(Resources.GATEWAYS, Resources.GATEWAY_CLASSES, Resources.GATEWAY_ROUTES)) {
        bench.awaitLack(resource, Unavailable.Reason.ABSENT);
      }
    }
  }
}
