package io.eksnet.agent.host;

import io.eksnet.model.ScrapedSample;
import java.util.List;
import java.util.Map;

/**
 * What ipamd, the address manager of the VPC CNI, says of itself at {@code :61678/metrics}
 * (amazon-vpc-cni-k8s, utils/prometheusmetrics). What it splits by address range or interface is
 * not told on: those are many.
 */
public final class IpamdPage {
  private static final int MOST = 128;
  private static final String ADDRESSES = "eksnet_ipamd_addresses";
  private static final String ENIS = "eksnet_ipamd_enis";

  private static final Map<String, ScrapedSample> PLAIN =
      Map.of(
          "awscni_total_ip_addresses",
          new ScrapedSample(ADDRESSES, Map.of("state", "total"), 0),
          "awscni_assigned_ip_addresses",
          new ScrapedSample(ADDRESSES, Map.of("state", "assigned"), 0),
          "awscni_eni_allocated",
          new ScrapedSample(ENIS, Map.of("state", "allocated"), 0),
          "awscni_eni_max",
          new ScrapedSample(ENIS, Map.of("state", "max"), 0),
          "awscni_no_available_ip_addresses",
          new ScrapedSample("eksnet_ipamd_no_ip_total", Map.of(), 0));

  private static final String API_ERROR = "awscni_aws_api_error_count";

  private IpamdPage() {}

  /** Its values under our own names; none: this is not the page of ipamd. */
  public static List<ScrapedSample> read(String page) {
    return SeriesText.read(page, name -> PLAIN.containsKey(name) || name.equals(API_ERROR), MOST)
        .stream()
        .map(IpamdPage::translated)
        .toList();
  }

  private static ScrapedSample translated(ScrapedSample said) {
    var plain = PLAIN.get(said.name());
    if (plain != null) {
      return new ScrapedSample(plain.name(), plain.labels(), said.value());
    }
    var labels = Map.of("api", Words.of(said, "api"), "error", Words.of(said, "error"));
    return new ScrapedSample("eksnet_ipamd_aws_api_error_total", labels, said.value());
  }
}
