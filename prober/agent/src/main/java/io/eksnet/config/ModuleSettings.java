package io.eksnet.config;

import java.util.Objects;

/**
 * How the targets of Probe resources with this module are probed. In the file, the settings of the
 * kind stand beside {@code kind}.
 *
 * @param settings the settings of the kind
 */
public record ModuleSettings(
    @Setting(
            value = "The kind of probe; its settings stand beside this key.",
            required = true,
            example = "http")
        String kind,
    Record settings) {
  public ModuleSettings {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(settings);
  }
}
