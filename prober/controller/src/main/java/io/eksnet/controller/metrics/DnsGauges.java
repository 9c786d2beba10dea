package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.DNS_BACKENDS;
import static io.eksnet.metrics.InventoryCatalogue.DNS_PODS;

import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import java.util.List;
import java.util.Optional;

/** CoreDNS: its pods, and the backends of the Service kube-dns. */
final class DnsGauges {
  private DnsGauges() {}

  static void add(Inventory inventory, Series to) {
    backends(inventory).ifPresent(backends -> add(backends, to));
    inventory
        .get(Resources.DNS_PODS)
        .ifPresent(
            pods -> {
              to.count(DNS_PODS, 0, "Running", "true", "");
              for (var pod : pods) {
                var scheduling = pod.scheduling();
                to.count(
                    DNS_PODS,
                    1,
                    pod.phase(),
                    String.valueOf(scheduling.scheduled()),
                    scheduling.reason().label());
              }
            });
  }

  private static void add(List<Endpoint> backends, Series to) {
    to.count(DNS_BACKENDS, 0, "ready");
    to.count(DNS_BACKENDS, 0, "notready");
    backends.stream()
        .filter(backend -> !backend.terminating())
        .forEach(backend -> to.count(DNS_BACKENDS, 1, backend.ready() ? "ready" : "notready"));
  }

  /**
   * The endpoints of kube-dns, if fresh. Auto Mode nodes answer DNS themselves, so having none is
   * normal there (EKS User Guide, "Learn about VPC networking in Auto Mode").
   */
  private static Optional<List<Endpoint>> backends(Inventory inventory) {
    return inventory.list(Resources.SERVICES).stream()
        .filter(DnsGauges::isKubeDns)
        .findFirst()
        .flatMap(KubeService::endpoints)
        .filter(backends -> !backends.isEmpty() || !answeredByNodes(inventory));
  }

  private static boolean isKubeDns(KubeService service) {
    return service.namespace().equals("kube-system") && service.name().equals("kube-dns");
  }

  private static boolean answeredByNodes(Inventory inventory) {
    var auto =
        inventory.get(Resources.CLUSTER).filter(EksCluster::autoMode).isPresent()
            || inventory.list(Resources.NODES).stream()
                .anyMatch(node -> node.computeType() == ComputeType.AUTO);
    return auto && inventory.list(Resources.DNS_PODS).isEmpty();
  }
}
