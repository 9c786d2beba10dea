package io.eksnet.agent.host;

import io.eksnet.model.ScrapedSample;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the allowances of network adapters from the ethtool collector of the node exporter: packets
 * that were queued or dropped because the instance exceeded one (EC2 User Guide, "Monitor network
 * performance for ENA settings").
 */
public final class EnaPage {
  /** Five kinds on up to 15 devices, and as many again for branch interfaces. */
  private static final int MAX_SERIES = 160;

  private static final Pattern NAME =
      Pattern.compile(
          "node_ethtool_(linklocal|conntrack|bw_in|bw_out|pps)_allowance_exceeded(?:_total)?");

  private EnaPage() {}

  /** The counters by device and kind, under the name eksnet gives them; empty: there are none. */
  public static List<ScrapedSample> read(String page) {
    return SeriesText.read(page, EnaPage::isWanted, MAX_SERIES).stream()
        .map(EnaPage::renamed)
        .toList();
  }

  private static boolean isWanted(String name) {
    return name.startsWith("node_ethtool_") && NAME.matcher(name).matches();
  }

  private static ScrapedSample renamed(ScrapedSample sample) {
    var kind = NAME.matcher(sample.name()).replaceFirst("$1");
    var labels = Map.of("device", LabelValues.of(sample, "device"), "kind", kind);
    return new ScrapedSample("eksnet_ena_allowance_exceeded_total", labels, sample.value());
  }
}
