package io.eksnet.controller.metrics;

import static io.eksnet.controller.metrics.Shown.NOON;
import static io.eksnet.controller.metrics.Shown.and;
import static io.eksnet.controller.metrics.Shown.knowing;
import static io.eksnet.controller.metrics.Shown.series;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.TargetGroupBinding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LbOwnerGaugesTest {
  private static final Optional<Reconcile> FAILED =
      Optional.of(new Reconcile(true, ReconcileCause.IAM, "FailedDeployModel", "denied", 2));

  private static KubeService service(String name, String type, Optional<Reconcile> last) {
    return new KubeService(
        "shop",
        name,
        type,
        List.of(),
        List.of(),
        last.isPresent() ? List.of() : List.of("lb.example.com"),
        Map.of(),
        Set.of(),
        Optional.empty(),
        last);
  }

  private static Gateway gateway(String name, String ofClass) {
    return new Gateway(
        "shop",
        name,
        ofClass,
        Scheme.INTERNAL,
        false,
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        FAILED,
        NOON);
  }

  private static Inventory cluster() {
    var services =
        List.of(
            service("db", "LoadBalancer", FAILED),
            service("web", "LoadBalancer", Optional.empty()),
            service("inner", "ClusterIP", Optional.empty()));
    var classes =
        List.of(
            new GatewayClass("alb", "gateway.k8s.aws/alb", "", List.of(), NOON),
            new GatewayClass("istio", "istio.io/gateway-controller", "", List.of(), NOON));
    return and(
        and(
            and(knowing(Resources.SERVICES, services), Resources.GATEWAY_CLASSES, classes),
            Resources.GATEWAYS,
            List.of(gateway("edge", "alb"), gateway("mesh", "istio"))),
        Resources.TARGET_GROUP_BINDINGS,
        List.of(new TargetGroupBinding("shop", "b", "web", "80", "arn:tg", FAILED)));
  }

  @Test
  void anAddressIsThatOfALoadBalancerOfAws() {
    assertThat(series("lb_owner_address_assigned", cluster()))
        .containsExactly(
            "kind=Gateway namespace=shop name=edge 0",
            "kind=Service namespace=shop name=db 0",
            "kind=Service namespace=shop name=web 1");
  }

  @Test
  void aFailureHasACauseAndIsAbsentWithoutEvents() {
    assertThat(series("lb_reconcile_failing", cluster()))
        .filteredOn(series -> series.endsWith(" 1"))
        .containsExactly(
            "kind=Gateway namespace=shop name=edge cause=iam 1",
            "kind=Service namespace=shop name=db cause=iam 1",
            "kind=TargetGroupBinding namespace=shop name=b cause=iam 1");
  }
}
