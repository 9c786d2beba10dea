package io.eksnet.probe.tls;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.Inline;
import io.eksnet.config.Setting;
import io.eksnet.model.Family;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.TlsSettings;
import java.time.Duration;
import java.util.Objects;

/** The settings of the {@code tls} kind: the handshake and the expected certificate. */
public record TlsProbeSettings(
    @Setting(value = "Which addresses of a name to use.", fallback = "any") Family family,
    @Setting(
            value =
                "Whether to probe the first address of a name, or each of them with a result of its"
                    + " own (at most 16).",
            fallback = "one")
        AddressSelection addresses,
    @Inline TlsSettings tls,
    @Setting(
            value =
                "How long the certificate must still be valid; one that expires sooner counts as"
                    + " expired.",
            fallback = "0s",
            example = "168h")
        Duration minValidFor) {
  /** The system's authorities, and valid now. */
  public static final TlsProbeSettings DEFAULT = ConfigReader.defaults(TlsProbeSettings.class);

  public TlsProbeSettings {
    Objects.requireNonNull(family);
    Objects.requireNonNull(addresses);
    Objects.requireNonNull(tls);
  }

  /** The same with other settings of the handshake. */
  public TlsProbeSettings withTls(TlsSettings other) {
    return new TlsProbeSettings(family, addresses, other, minValidFor);
  }
}
