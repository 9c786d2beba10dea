package io.eksnet.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats of the page, the best for equal wishes first. */
public enum ExpositionFormat {
  /** The only one with native histograms. */
  PROTOBUF(
      "application/vnd.google.protobuf",
      "application/vnd.google.protobuf;"
          + " proto=io.prometheus.client.MetricFamily; encoding=delimited"),
  OPENMETRICS(
      "application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
  TEXT("text/plain", "text/plain; version=0.0.4; charset=utf-8");

  private final String mediaType;
  private final String contentType;

  ExpositionFormat(String mediaType, String contentType) {
    this.mediaType = mediaType;
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  /** What the header wants most (RFC 9110 section 12.5.1); text when it names none of them. */
  public static ExpositionFormat accepted(@Nullable String accept) {
    var ranges =
        Arrays.stream((accept == null ? "" : accept).split(",", -1))
            .map(range -> List.of(range.trim().toLowerCase(Locale.ROOT).split("\\s*;\\s*", -1)))
            .toList();
    return Arrays.stream(values())
        .filter(format -> format.wish(ranges) > 0)
        .max(Comparator.comparingDouble(format -> format.wish(ranges) - format.ordinal() * 1e-6))
        .orElse(TEXT);
  }

  private double wish(List<List<String>> ranges) {
    return ranges.stream()
        .filter(range -> range.get(0).equals(mediaType) && (this != PROTOBUF || delimited(range)))
        .mapToDouble(ExpositionFormat::quality)
        .max()
        .orElse(0);
  }

  private static boolean delimited(List<String> range) {
    return range.contains("encoding=delimited");
  }

  private static double quality(List<String> range) {
    return range.stream()
        .filter(parameter -> parameter.startsWith("q="))
        .findFirst()
        .map(parameter -> number(parameter.substring(2)))
        .orElse(1.0);
  }

  private static double number(String quality) {
    try {
      return Double.parseDouble(quality);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
