package io.eksnet.bench;

/**
 * What an agent has counted when it wrote a page, or between two pages.
 *
 * @param seconds when, or for how long
 * @param succeeded runs that succeeded
 * @param failed runs that failed for a reason of the target's
 * @param missed ticks without a run, for a reason of the prober
 */
record AgentCounts(double seconds, double succeeded, double failed, double missed) {
  static AgentCounts of(String page, double seconds) {
    var all = MetricsText.sum(page, "eksnet_probe_total", labels -> true);
    var notRun = outcome(page, "not_run");
    var succeeded = outcome(page, "success");
    var missed = MetricsText.sum(page, "eksnet_probe_missed_total", labels -> true);
    return new AgentCounts(seconds, succeeded, all - notRun - succeeded, missed);
  }

  private static double outcome(String page, String outcome) {
    var label = "outcome=\"" + outcome + "\"";
    return MetricsText.sum(page, "eksnet_probe_total", labels -> labels.contains(label));
  }

  AgentCounts since(AgentCounts before) {
    return new AgentCounts(
        seconds - before.seconds,
        succeeded - before.succeeded,
        failed - before.failed,
        missed - before.missed);
  }

  /** Successes a second. */
  double rate() {
    return succeeded / seconds;
  }
}
