package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.Layer;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of a layer by its findings first, then its probes, then its inventory.
 *
 * @param past its failed probes; empty: it has no probes
 */
record LayerState(String name, HealthState state, String text, Optional<Past> past) {
  private static final int MAX_RESOURCES = 4;

  /**
   * The failed probes of the last 24 hours.
   *
   * @param known the baseline where there is data, in a drawing of 96 × 20: one line for each
   *     quarter of an hour
   * @param bars the failed probes: one vertical line for each quarter
   */
  record Past(String known, String bars, String description) {
    private static final int BASE = 18;

    static Past of(Layer layer, ClusterView view) {
      var first = ProbeHistory.startOfQuarter(view.now().minus(ProbeHistory.SPAN));
      var known = new StringBuilder();
      var bars = new StringBuilder();
      for (var quarter : view.history().probes().quarters()) {
        var share = quarter.share(layer);
        var index = Duration.between(first, quarter.start()).dividedBy(ProbeHistory.QUARTER) - 1;
        if (share.probes() > 0 && index >= 0) {
          known.append("M%d %d.5h1".formatted(index, BASE));
        }
        if (share.failed() > 0 && index >= 0) {
          bars.append(
              "M%d.5 %dv-%d".formatted(index, BASE, Math.max(2, Math.round(share.ratio() * BASE))));
        }
      }
      return new Past(known.toString(), bars.toString(), description(known, bars));
    }

    private static String description(StringBuilder known, StringBuilder bars) {
      if (known.isEmpty()) {
        return "no data of the last 24 h";
      }
      return bars.isEmpty() ? "no failed probes" : "failed probes in the last 24 h";
    }
  }

  private record Now(HealthState state, String text) {}

  static List<LayerState> all(ClusterView view) {
    return Stream.of(Layer.values()).map(layer -> of(layer, view)).toList();
  }

  private static LayerState of(Layer layer, ClusterView view) {
    var now = now(layer, view);
    return new LayerState(
        name(layer),
        now.state(),
        now.text(),
        isProbed(layer) ? Optional.of(Past.of(layer, view)) : Optional.empty());
  }

  private static Now now(Layer layer, ClusterView view) {
    var causes = view.causes().stream().filter(finding -> finding.cause().layer() == layer).count();
    var probes = HealthCounts.of(view.agents(), series -> Layer.of(series) == layer, view.now());
    var unavailable =
        resources(layer).stream().filter(view::isUnavailable).map(Resource::name).toList();
    if (causes > 0) {
      return new Now(HealthState.FAILING, PageText.count(causes, "cause"));
    }
    if (probes.failing() > 0) {
      return new Now(
          HealthState.DEGRADED,
          probes.failing()
              + " of "
              + PageText.count(probes.fresh(), "probe")
              + (probes.failing() == 1 ? " fails" : " fail"));
    }
    if (view.following().isPresent() || (probes.fresh() == 0 && isProbed(layer))) {
      return new Now(HealthState.UNKNOWN, "no recent probe results" + unknown(unavailable));
    }
    if (layer == Layer.PROBER && !view.notReporting().isEmpty()) {
      return new Now(
          HealthState.DEGRADED,
          PageText.count(view.notReporting().size(), "agent") + " not reporting");
    }
    if (layer == Layer.PROBER && view.missingAgents() > 0) {
      return new Now(
          HealthState.DEGRADED, PageText.count(view.missingAgents(), "agent") + " not started");
    }
    return new Now(
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
