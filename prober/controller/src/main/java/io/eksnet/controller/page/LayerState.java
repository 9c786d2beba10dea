package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.Layer;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import java.util.List;
import java.util.stream.Stream;

/** The state of a layer by its findings first, then its probes, then its inventory. */
record LayerState(String name, HealthState state, String text) {
  private static final int MAX_RESOURCES = 4;

  static List<LayerState> all(ClusterView view) {
    return Stream.of(Layer.values()).map(layer -> of(layer, view)).toList();
  }

  private static LayerState of(Layer layer, ClusterView view) {
    var causes = view.causes().stream().filter(finding -> finding.cause().layer() == layer).count();
    var probes = HealthCounts.of(view.agents(), series -> Layer.of(series) == layer, view.now());
    var unavailable =
        resources(layer).stream().filter(view::isUnavailable).map(Resource::name).toList();
    var name = name(layer);
    if (causes > 0) {
      return new LayerState(name, HealthState.FAILING, PageText.count(causes, "cause"));
    }
    if (probes.failing() > 0) {
      return new LayerState(
          name,
          HealthState.DEGRADED,
          probes.failing()
              + " of "
              + PageText.count(probes.fresh(), "probe")
              + (probes.failing() == 1 ? " fails" : " fail"));
    }
    if (view.following().isPresent() || (probes.fresh() == 0 && isProbed(layer))) {
      return new LayerState(
          name, HealthState.UNKNOWN, "no recent probe results" + unknown(unavailable));
    }
    if (layer == Layer.PROBER && !view.notReporting().isEmpty()) {
      return new LayerState(
          name,
          HealthState.DEGRADED,
          PageText.count(view.notReporting().size(), "agent") + " not reporting");
    }
    if (layer == Layer.PROBER && view.missingAgents() > 0) {
      return new LayerState(
          name,
          HealthState.DEGRADED,
          PageText.count(view.missingAgents(), "agent") + " not started");
    }
    return new LayerState(
        name,
        unavailable.isEmpty() ? HealthState.HEALTHY : HealthState.UNKNOWN,
        summary(layer, probes, view) + unknown(unavailable));
  }

  private static String name(Layer layer) {
    return switch (layer) {
      case DNS -> "DNS";
      case L3 -> "L3: addresses, routes";
      case L4 -> "L4: connections";
      case L7 -> "L7: load balancers, applications";
      case CREDENTIALS -> "Credentials";
      case CLUSTER -> "Cluster: nodes, add-ons";
      case PROBER -> "Prober: eksnet";
    };
  }

  private static String summary(Layer layer, HealthCounts probes, ClusterView view) {
    if (layer == Layer.PROBER) {
      return PageText.count(view.agents().size(), "agent") + " reporting";
    }
    return isProbed(layer) ? PageText.count(probes.fresh(), "probe") : "no finding";
  }

  private static String unknown(List<String> resources) {
    return resources.isEmpty() ? "" : "; unknown: " + PageText.some(resources, MAX_RESOURCES);
  }

  private static boolean isProbed(Layer layer) {
    return layer != Layer.CLUSTER && layer != Layer.PROBER;
  }

  private static List<Resource<?>> resources(Layer layer) {
    return switch (layer) {
      case DNS -> List.of(Resources.DNS_PODS);
      case L3 -> List.of(Resources.SUBNETS);
      case L4 -> List.of(Resources.SECURITY_PATHS);
      case L7 ->
          List.of(Resources.LOAD_BALANCERS, Resources.TARGET_GROUPS, Resources.TARGET_HEALTH);
      case CREDENTIALS -> List.of(Resources.POD_IDENTITY_ASSOCIATIONS);
      case CLUSTER ->
          List.of(
              Resources.CLUSTER,
              Resources.NODES,
              Resources.COMPONENTS,
              Resources.INGRESSES,
              Resources.PENDING_PODS);
      case PROBER -> List.of(Resources.AGENTS, Resources.CALLER_IDENTITY);
    };
  }
}
