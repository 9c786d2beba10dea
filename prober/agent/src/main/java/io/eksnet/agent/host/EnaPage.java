package io.eksnet.agent.host;

import io.eksnet.model.ScrapedSample;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The allowances of the network adapters, as the ethtool collector of the node exporter shows them:
 * packets that were queued or dropped because the instance exceeded one (EC2 User Guide, "Monitor
 * network performance for ENA settings").
 */
public final class EnaPage {
  /** Kinds times devices; a node has up to 15 of them, and as many again for branch interfaces. */
  private static final int MOST = 160;

  private static final Pattern NAME =
      Pattern.compile(
          "node_ethtool_(linklocal|conntrack|bw_in|bw_out|pps)_allowance_exceeded(?:_total)?");

  private EnaPage() {}

  /** The counters by device and kind under our own name; none: the page does not have them. */
  public static List<ScrapedSample> read(String page) {
    return SeriesText.read(page, EnaPage::isWanted, MOST).stream()
        .map(EnaPage::translated)
        .toList();
  }

  private static boolean isWanted(String name) {
    return name.startsWith("node_ethtool_") && NAME.matcher(name).matches();
  }

  private static ScrapedSample translated(ScrapedSample said) {
    var kind = NAME.matcher(said.name()).replaceFirst("$1");
    var labels = Map.of("device", Words.of(said, "device"), "kind", kind);
    return new ScrapedSample("eksnet_ena_allowance_exceeded_total", labels, said.value());
  }
}
