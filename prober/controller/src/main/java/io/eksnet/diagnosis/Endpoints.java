package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.Optional;

/** The VPC endpoints that serve. */
final class Endpoints {
  private Endpoints() {}

  static Optional<VpcEndpoint> of(String service, Evidence evidence) {
    return evidence.inventory().list(Resources.VPC_ENDPOINTS).stream()
        .filter(endpoint -> endpoint.service().equals(service) && endpoint.available())
        .findFirst();
  }
}
