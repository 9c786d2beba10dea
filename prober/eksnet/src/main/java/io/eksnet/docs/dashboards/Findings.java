package io.eksnet.docs.dashboards;

/** What the diagnosis says, in PromQL. */
final class Findings {
  private static final String ALL = "eksnet_diagnosis_active{cluster=\"$cluster\"}";

  /** One series for each finding, 1. */
  static final String ACTIVE = "max by (cause, layer, scope, confidence) (" + ALL + ") == 1";

  /** 0 while somebody diagnoses: without this, nobody knows that there is no cause. */
  private static final String DIAGNOSED =
      "0 * (time() - max(eksnet_controller_heartbeat_timestamp_seconds{cluster=\"$cluster\"}) < 180)";

  /** How many causes there are; absent when nobody diagnoses. */
  static final String COUNT = "count(max by (cause, scope) (" + ALL + ") == 1) or " + DIAGNOSED;

  /** Since when each finding holds, in seconds since the epoch; not further back than the range. */
  static final String SINCE =
      """
      (max_over_time(timestamp(max by (cause, layer, scope) (%1$s) == 0)[$__range:1m]) \
      or min_over_time(timestamp(max by (cause, layer, scope) (%1$s) == 1)[$__range:1m])) \
      and (max by (cause, layer, scope) (%1$s) == 1)"""
          .formatted(ALL);

  /** The same in milliseconds, each with its confidence. */
  static final String TABLE =
      "((" + SINCE + ") * 1000) * on (cause, layer, scope) group_right () (" + ACTIVE + ")";

  private Findings() {}

  /** 1 while a cause in the layer is found, 0 while none is; absent when nobody diagnoses. */
  static String of(String layer) {
    return "max(eksnet_diagnosis_active{cluster=\"$cluster\",layer=\""
        + layer
        + "\"}) or "
        + DIAGNOSED;
  }
}
