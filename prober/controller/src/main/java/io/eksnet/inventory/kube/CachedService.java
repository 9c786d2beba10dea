package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.KubeService;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of a Service.
 *
 * @param selector empty: it selects no pods, or by more labels than are worth keeping
 */
record CachedService(KubeService service, Map<String, String> selector) {
  CachedService {
    selector = Map.copyOf(selector);
  }

  static Optional<CachedService> of(Service service) {
    return ServiceTransform.of(service)
        .map(
            trimmed ->
                new CachedService(
                    trimmed,
                    trimmed.type().equals("ExternalName")
                        ? Map.of()
                        : CachedDeployment.few(service.getSpec().getSelector()).orElse(Map.of())));
  }
}
