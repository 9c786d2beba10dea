package io.eksnet.controller.page;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.Layer;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import java.util.ArrayList;
import java.util.List;

/** How a layer stands, by findings first, then by probes and by what is known of it. */
record LayerState(Layer layer, HealthState standing, String text) {
  static LayerState of(Layer layer, ClusterView view) {
    var causes = view.causes().stream().filter(finding -> finding.cause().layer() == layer).count();
    var probes = HealthCounts.of(view.agents(), subject -> of(subject).equals(layer), view.now());
    var lacking = parts(layer).stream().filter(view::lacks).map(Resource::name).toList();
    if (causes > 0) {
      return new LayerState(layer, HealthState.FAILING, PageText.count(causes, "cause"));
    }
    if (probes.failing() > 0) {
      return new LayerState(
          layer,
          HealthState.DOUBTFUL,
          probes.failing()
              + " of "
              + PageText.count(probes.fresh(), "probe")
              + " failing, no cause in this layer");
    }
    if (view.following().isPresent() || (probes.fresh() == 0 && probed(layer))) {
      return new LayerState(layer, HealthState.UNKNOWN, unknown("no fresh probe", lacking));
    }
    if (layer == Layer.PROBER && !view.silent().isEmpty()) {
      return new LayerState(
          layer, HealthState.DOUBTFUL, PageText.count(view.silent().size(), "silent agent"));
    }
    if (layer == Layer.PROBER && view.missing() > 0) {
      return new LayerState(
          layer, HealthState.DOUBTFUL, PageText.count(view.missing(), "agent") + " not started");
    }
    return lacking.isEmpty()
        ? new LayerState(layer, HealthState.CLEAR, clear(layer, probes, view))
        : new LayerState(layer, HealthState.UNKNOWN, unknown(clear(layer, probes, view), lacking));
  }

  private static String clear(Layer layer, HealthCounts probes, ClusterView view) {
    if (layer == Layer.PROBER) {
      return PageText.count(view.agents().size(), "agent") + " reporting";
    }
    return probed(layer) ? PageText.count(probes.fresh(), "probe") : "no finding";
  }

  private static String unknown(String first, List<String> lacking) {
    var texts = new ArrayList<>(List.of(first));
    if (!lacking.isEmpty()) {
      texts.add("not known: " + PageText.some(lacking, 4));
    }
    return String.join("; ", texts);
  }

  private static boolean probed(Layer layer) {
    return layer != Layer.CLUSTER && layer != Layer.PROBER;
  }

  private static Layer of(SeriesKey subject) {
    if (subject instanceof SeriesKey.DnsPath) {
      return Layer.DNS;
    }
    if (subject instanceof SeriesKey.PodPath) {
      return Layer.L3;
    }
    if (subject instanceof SeriesKey.ServicePath) {
      return Layer.L4;
    }
    if (subject instanceof SeriesKey.OwnProbe own) {
      return switch (own.kind()) {
        case "dns" -> Layer.DNS;
        case "tcp" -> Layer.L4;
        default -> Layer.L7;
      };
    }
    return subject instanceof SeriesKey.StsPath || subject instanceof SeriesKey.HostPart
        ? Layer.CREDENTIALS
        : Layer.L7;
  }

  private static List<Resource<?>> parts(Layer layer) {
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
