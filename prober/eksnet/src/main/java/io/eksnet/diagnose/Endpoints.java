package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.VpcEndpoint;
import java.util.Optional;

/** The VPC endpoints that serve. */
final class Endpoints {
  private Endpoints() {}

  static Optional<VpcEndpoint> of(String service, Evidence evidence) {
    return evidence.inventory().list(Parts.VPC_ENDPOINTS).stream()
        .filter(endpoint -> endpoint.service().equals(service) && endpoint.available())
        .findFirst();
  }
}
