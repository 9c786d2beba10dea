package io.eksnet.web.page;

import io.eksnet.core.Subject;
import io.eksnet.core.diagnosis.Layer;
import io.eksnet.core.inventory.Part;
import io.eksnet.core.inventory.Parts;
import java.util.ArrayList;
import java.util.List;

/** How a layer stands, by findings first, then by probes and by what is known of it. */
record LayerState(Layer layer, Standing standing, String text) {
  static LayerState of(Layer layer, ClusterView view) {
    var causes = view.causes().stream().filter(finding -> finding.cause().layer() == layer).count();
    var probes = Tally.of(view.agents(), subject -> of(subject).equals(layer), view.now());
    var lacking = parts(layer).stream().filter(view::lacks).map(Part::name).toList();
    if (causes > 0) {
      return new LayerState(layer, Standing.FAILING, Words.count(causes, "cause"));
    }
    if (probes.failing() > 0) {
      return new LayerState(
          layer,
          Standing.DOUBTFUL,
          probes.failing()
              + " of "
              + Words.count(probes.fresh(), "probe")
              + " failing, no cause in this layer");
    }
    if (view.following().isPresent() || (probes.fresh() == 0 && probed(layer))) {
      return new LayerState(layer, Standing.UNKNOWN, unknown("no fresh probe", lacking));
    }
    if (layer == Layer.PROBER && !view.silent().isEmpty()) {
      return new LayerState(
          layer, Standing.DOUBTFUL, Words.count(view.silent().size(), "silent agent"));
    }
    if (layer == Layer.PROBER && view.missing() > 0) {
      return new LayerState(
          layer, Standing.DOUBTFUL, Words.count(view.missing(), "agent") + " not started");
    }
    return lacking.isEmpty()
        ? new LayerState(layer, Standing.CLEAR, clear(layer, probes, view))
        : new LayerState(layer, Standing.UNKNOWN, unknown(clear(layer, probes, view), lacking));
  }

  private static String clear(Layer layer, Tally probes, ClusterView view) {
    if (layer == Layer.PROBER) {
      return Words.count(view.agents().size(), "agent") + " reporting";
    }
    return probed(layer) ? Words.count(probes.fresh(), "probe") : "no finding";
  }

  private static String unknown(String first, List<String> lacking) {
    var texts = new ArrayList<>(List.of(first));
    if (!lacking.isEmpty()) {
      texts.add("not known: " + Words.some(lacking, 4));
    }
    return String.join("; ", texts);
  }

  private static boolean probed(Layer layer) {
    return layer != Layer.CLUSTER && layer != Layer.PROBER;
  }

  private static Layer of(Subject subject) {
    if (subject instanceof Subject.DnsPath) {
      return Layer.DNS;
    }
    if (subject instanceof Subject.PodPath) {
      return Layer.L3;
    }
    if (subject instanceof Subject.ServicePath) {
      return Layer.L4;
    }
    if (subject instanceof Subject.OwnProbe own) {
      return switch (own.kind()) {
        case "dns" -> Layer.DNS;
        case "tcp" -> Layer.L4;
        default -> Layer.L7;
      };
    }
    return subject instanceof Subject.StsPath || subject instanceof Subject.HostPart
        ? Layer.CREDENTIALS
        : Layer.L7;
  }

  private static List<Part<?>> parts(Layer layer) {
    return switch (layer) {
      case DNS -> List.of(Parts.DNS_PODS);
      case L3 -> List.of(Parts.SUBNETS);
      case L4 -> List.of(Parts.SECURITY_PATHS);
      case L7 -> List.of(Parts.LOAD_BALANCERS, Parts.TARGET_GROUPS, Parts.TARGET_HEALTH);
      case CREDENTIALS -> List.of(Parts.POD_IDENTITY_ASSOCIATIONS);
      case CLUSTER ->
          List.of(
              Parts.CLUSTER, Parts.NODES, Parts.COMPONENTS, Parts.INGRESSES, Parts.PENDING_PODS);
      case PROBER -> List.of(Parts.AGENTS, Parts.CALLER_IDENTITY);
    };
  }
}
