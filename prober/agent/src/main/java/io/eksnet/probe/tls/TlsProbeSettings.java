package io.eksnet.probe.tls;

import io.eksnet.config.Setting;
import io.eksnet.model.Family;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.TlsSettings;
import io.eksnet.probe.net.TlsVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The settings of the {@code tls} kind: the handshake and the expected certificate. */
public record TlsProbeSettings(
    @Setting(value = "Which addresses of a name to use.", fallback = "any") Family family,
    @Setting(
            value =
                "Whether to probe the first address of a name, or each of them with a result of its"
                    + " own (at most 16).",
            fallback = "one")
        AddressSelection addresses,
    @Setting(
            value = "The server name to send (SNI) and to verify, if it is not the target's host.",
            example = "shop.example.com")
        Optional<String> serverName,
    @Setting(
            value =
                "A PEM file with the certificate authorities to trust instead of the system's;"
                    + " reloaded when it changes.",
            example = "/etc/eksnet/ca.pem")
        Optional<Path> caFile,
    @Setting(
            value =
                "A PEM file with the client certificate and its chain; reloaded when it changes.",
            example = "/etc/eksnet/client.pem")
        Optional<Path> certFile,
    @Setting(
            value =
                "A PEM file with the unencrypted PKCS#8 key of the client certificate; reloaded when"
                    + " it changes.",
            example = "/etc/eksnet/client.key")
        Optional<Path> keyFile,
    @Setting(value = "The minimum TLS version.", fallback = "tls1_2") TlsVersion minVersion,
    @Setting(
            value =
                "How long the certificate must still be valid; one that expires sooner counts as"
                    + " expired.",
            fallback = "0s",
            example = "168h")
        Duration minValidFor) {
  /** The system's authorities, and valid now. */
  public static final TlsProbeSettings DEFAULT =
      new TlsProbeSettings(
          Family.ANY,
          AddressSelection.ONE,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          TlsVersion.TLS1_2,
          Duration.ZERO);

  public TlsProbeSettings {
    Objects.requireNonNull(family);
    Objects.requireNonNull(addresses);
    if (minValidFor.isNegative()) {
      throw new IllegalArgumentException("min_valid_for must be 0 or more, not " + minValidFor);
    }
    tls(serverName, caFile, certFile, keyFile, minVersion);
  }

  TlsSettings tls() {
    return tls(serverName, caFile, certFile, keyFile, minVersion);
  }

  /** As {@code tls} of the {@code http} kind, but always verified. */
  private static TlsSettings tls(
      Optional<String> serverName,
      Optional<Path> caFile,
      Optional<Path> certFile,
      Optional<Path> keyFile,
      TlsVersion minVersion) {
    return new TlsSettings(serverName, caFile, certFile, keyFile, false, minVersion);
  }
}
