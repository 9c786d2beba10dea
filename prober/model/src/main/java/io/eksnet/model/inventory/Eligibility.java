package io.eksnet.model.inventory;

import io.eksnet.model.JsonName;
import java.util.regex.Pattern;

/** Whether a load balancer of a scheme would be put into a subnet, and why not. */
public record Eligibility(
    Scheme scheme, String subnetId, String zone, @JsonName("rejection") IneligibleReason reason) {
  /** A zone of a region, such as {@code us-gov-west-1a}. */
  private static final Pattern AVAILABILITY_ZONE = Pattern.compile("[a-z]+(-[a-z]+)+-\\d+[a-z]");

  public boolean eligible() {
    return reason == IneligibleReason.NONE;
  }

  /**
   * Whether a zone is a local zone or a wavelength zone, whose names hold that of their region,
   * such as {@code us-west-2-lax-1a} and {@code us-east-1-wl1-bos-wlz-1}.
   */
  public static boolean isLocalZone(String zone) {
    return zone.chars().filter(c -> c == '-').count() > 2
        && !AVAILABILITY_ZONE.matcher(zone).matches();
  }
}
