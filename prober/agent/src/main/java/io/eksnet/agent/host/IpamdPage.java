package io.eksnet.agent.host;

import io.eksnet.model.ScrapedSample;
import java.util.List;
import java.util.Map;

/**
 * Reads the metrics of ipamd, the address daemon of the VPC CNI, at {@code :61678/metrics}
 * (amazon-vpc-cni-k8s, utils/prometheusmetrics), without those per address range or interface,
 * which are many.
 */
public final class IpamdPage {
  private static final int MAX_SERIES = 128;
  private static final String ADDRESSES = "eksnet_ipamd_addresses";
  private static final String ENIS = "eksnet_ipamd_enis";

  private static final Map<String, ScrapedSample> BY_NAME =
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

  /** The values, under the names eksnet gives them; empty: these are not the metrics of ipamd. */
  public static List<ScrapedSample> read(String page) {
    return SeriesText.read(
            page, name -> BY_NAME.containsKey(name) || name.equals(API_ERROR), MAX_SERIES)
        .stream()
        .map(IpamdPage::renamed)
        .toList();
  }

  private static ScrapedSample renamed(ScrapedSample sample) {
    var plain = BY_NAME.get(sample.name());
    if (plain != null) {
      return new ScrapedSample(plain.name(), plain.labels(), sample.value());
    }
    var labels =
        Map.of("api", LabelValues.of(sample, "api"), "error", LabelValues.of(sample, "error"));
    return new ScrapedSample("eksnet_ipamd_aws_api_error_total", labels, sample.value());
  }
}
