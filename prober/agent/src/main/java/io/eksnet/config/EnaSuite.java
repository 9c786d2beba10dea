package io.eksnet.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** The built-in suite that reads the allowances of the network adapters. */
public record EnaSuite(
    @Setting(value = "Whether the suite runs.", fallback = "true") boolean enabled,
    @Setting(
            value = "The time from one run to the next.",
            fallback = "30s",
            min = 0.1,
            max = 86_400)
        Duration interval,
    @Setting(
            value = "The time a run may take; shorter than the interval.",
            fallback = "5s",
            min = 0.01,
            max = 3_600)
        Duration timeout,
    @Setting(
            value =
                "A page with the counters `node_ethtool_*`, such as that of the node exporter with"
                    + " its ethtool collector; `{host}` stands for the address of the node; `null`:"
                    + " they are not read.",
            example = "http://{host}:9100/metrics")
        Optional<String> url) {
  /** Scheme, host ({@code {host}} stands for that of the node), port and path. */
  public static final Pattern URL =
      Pattern.compile(
          "(https?)://(\\{host}|\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::([1-9]\\d{0,4}))?(/[!-~]*)?");

  private static final int LAST_PORT = 65_535;

  public EnaSuite {
    Durations.requireShorter(timeout, interval);
    url.ifPresent(EnaSuite::requireUrl);
  }

  private static void requireUrl(String url) {
    var parts = URL.matcher(url);
    if (!parts.matches()
        || url.contains("#")
        || (parts.group(3) != null && Integer.parseInt(parts.group(3)) > LAST_PORT)) {
      throw new IllegalArgumentException(
          "url must be that of a page, such as http://{host}:9100/metrics, not " + Quoted.of(url));
    }
  }
}
