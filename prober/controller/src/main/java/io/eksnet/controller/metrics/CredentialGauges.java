package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.CREDENTIALS;

import io.eksnet.model.inventory.CallerIdentity;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import java.time.Instant;

/**
 * Whether the controller's own credentials work. GetCallerIdentity needs no permission (STS API
 * reference), so a denial means that the credentials are wrong; a timeout does not.
 */
final class CredentialGauges {
  private static final String NEVER_WORKED = "unknown";

  private CredentialGauges() {}

  /**
   * @param inventory as it was read: of refused credentials the method is known from better times
   */
  static void add(Inventory inventory, Instant now, Series to) {
    var identity = inventory.snapshot(Resources.CALLER_IDENTITY);
    if (identity.unavailable().filter(CredentialGauges::refused).isPresent()) {
      var method = identity.value().map(CallerIdentity::method).orElse(NEVER_WORKED);
      to.flag(CREDENTIALS, false, method);
    } else {
      identity.ifFresh(now).value().ifPresent(known -> to.flag(CREDENTIALS, true, known.method()));
    }
  }

  /** A source reports credentials that are missing, expired or unknown. */
  private static boolean refused(Unavailable lack) {
    return lack.reason() == Unavailable.Reason.DENIED
        || (lack.reason() == Unavailable.Reason.ERROR && lack.detail().contains("credentials"));
  }
}
