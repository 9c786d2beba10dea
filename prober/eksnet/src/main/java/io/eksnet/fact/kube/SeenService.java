package io.eksnet.fact.kube;

import io.eksnet.core.inventory.KubeService;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of a Service.
 *
 * @param selector empty: it selects no pods, or by more labels than are worth keeping
 */
record SeenService(KubeService service, Map<String, String> selector) {
  SeenService {
    selector = Map.copyOf(selector);
  }

  static Optional<SeenService> of(Service service) {
    return ServiceTrim.of(service)
        .map(
            trimmed ->
                new SeenService(
                    trimmed,
                    trimmed.type().equals("ExternalName")
                        ? Map.of()
                        : SeenDeployment.few(service.getSpec().getSelector()).orElse(Map.of())));
  }
}
