package io.eksnet.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** The built-in suite that reads the allowances of the node's network interfaces (ENA). */
public record EnaSuite(
    @Inline SuiteSchedule schedule,
    @Setting(
            value =
                "The URL of a metrics page with the counters `node_ethtool_*`, such as that of the"
                    + " node exporter with its ethtool collector. `{host}` is replaced by the address"
                    + " of the node. `null`: the counters are not read.",
            example = "http://{host}:9100/metrics")
        Optional<String> url)
    implements Suite {
  /** Scheme, host ({@code {host}} stands for that of the node), port and path. */
  public static final Pattern URL =
      Pattern.compile(
          "(https?)://(\\{host}|\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::([1-9]\\d{0,4}))?(/[!-~]*)?");

  private static final int MAX_PORT = 65_535;

  public EnaSuite {
    url.ifPresent(EnaSuite::requireUrl);
  }

  private static void requireUrl(String url) {
    var parts = URL.matcher(url);
    if (!parts.matches()
        || url.contains("#")
        || (parts.group(3) != null && Integer.parseInt(parts.group(3)) > MAX_PORT)) {
      throw new InvalidSettingException(
          "url",
          ErrorText.quote(url)
              + " is not the URL of a metrics page; write one such as http://{host}:9100/metrics");
    }
  }
}
