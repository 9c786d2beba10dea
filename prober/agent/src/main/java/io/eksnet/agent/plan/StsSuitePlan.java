package io.eksnet.agent.plan;

import io.eksnet.config.StsSuite;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.probe.net.AddressSelection;
import java.util.List;
import java.util.Optional;

/**
 * The task of the built-in {@code sts} suite, which needs no controller: an unsigned GET of the
 * regional endpoint. Whatever it answers, it was reached; it sends browsers elsewhere.
 */
public final class StsSuitePlan {
  private static final int HTTPS = 443;

  private StsSuitePlan() {}

  /** None without a region. */
  public static List<Task> tasks(String node, StsSuite suite, Optional<String> region) {
    return suite.enabled()
        ? region.filter(r -> !r.isEmpty()).map(r -> task(node, suite, host(r))).stream().toList()
        : List.of();
  }

  private static Task task(String node, StsSuite suite, String host) {
    return new Task(
        node + "/sts",
        new SeriesKey.StsKey(),
        "http",
        HttpCalls.reached(host + ".", AddressSelection.ONE, suite.caFile()),
        new Target(host, host, HTTPS, "/", true),
        suite.interval(),
        suite.timeout(),
        false);
  }

  private static String host(String region) {
    return "sts." + region + "." + AwsDomain.of(region);
  }
}
