package io.eksnet.config;

import java.util.Map;

/** A target of a probe as written in the config. */
@Shorthand
public record TargetSettings(
    @Setting(
            value =
                "The target in the form of the probe's kind, such as a URL or host:port, and the label"
                    + " `target` of its series.",
            required = true,
            example = "https://shop.example.com/")
        String address,
    @Setting(
            value = "Labels of this target, in addition to those of the probe, or in their place.",
            example = "{tier: frontend}")
        Map<String, String> labels) {
  public TargetSettings {
    ErrorText.requireVisible("address", address);
    labels = LabelNames.ofProbe(labels);
  }

  /** A target without labels. */
  public static TargetSettings of(String address) {
    return new TargetSettings(address, Map.of());
  }
}
