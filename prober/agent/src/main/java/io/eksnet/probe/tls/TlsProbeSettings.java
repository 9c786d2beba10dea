package io.eksnet.probe.tls;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.Inline;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.config.SettingsBuilder;
import io.eksnet.model.Family;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.ProbeNetwork;
import io.eksnet.probe.net.ProxyProtocol;
import io.eksnet.probe.net.StartTls;
import io.eksnet.probe.net.TlsSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The settings of the {@code tls} kind: the handshake and the expected certificate. */
@SettingsBuilder
public record TlsProbeSettings(
    @Setting(
            value =
                "Which addresses of a name to use: `any` (IPv4, or IPv6 without IPv4), `prefer_ip6` (IPv6, or"
                    + " IPv4 without IPv6), `ip4`, `ip6`, or `both`.",
            fallback = "any")
        Family family,
    @Setting(
            value =
                "Whether to probe the first address of a name, or each of them with a result of its"
                    + " own (at most 16).",
            fallback = "one")
        AddressSelection addresses,
    @Inline TlsSettings tls,
    @Setting(
            value =
                "Whether the server must refuse the handshake, as it must with `min_version: tls1_0` and"
                    + " `max_version: tls1_1` when it no longer speaks these versions.",
            fallback = "false")
        boolean expectRefused,
    @Setting(
            value =
                "How long the certificate must still be valid; one that expires sooner counts as"
                    + " expired.",
            fallback = "0s",
            example = "168h")
        Duration minValidFor,
    @Setting(
            value = "The protocol whose STARTTLS command changes the connection to TLS.",
            example = "smtp")
        Optional<StartTls> starttls,
    @Setting(value = "The version of the PROXY protocol header to send first.", example = "v2")
        Optional<ProxyProtocol> proxyProtocol,
    @Inline ProbeNetwork network) {
  /** The system's authorities, and valid now. */
  public static final TlsProbeSettings DEFAULT = ConfigReader.defaults(TlsProbeSettings.class);

  public TlsProbeSettings {
    Objects.requireNonNull(family);
    Objects.requireNonNull(addresses);
    Objects.requireNonNull(tls);
    network.requireFamily(family);
    if (minValidFor.isNegative()) {
      throw new InvalidSettingException(
          "min_valid_for", minValidFor + " is out of range; use 0s or more");
    }
  }

  /** The same with other settings of the handshake. */
  public TlsProbeSettings withTls(TlsSettings other) {
    return TlsProbeSettingsBuilder.builder(this).tls(other).build();
  }
}
