package io.eksnet.probe.net;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.config.SettingsBuilder;
import io.eksnet.model.HostPort;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** TLS versions, certificates and trusted authorities. */
@SettingsBuilder
public record TlsSettings(
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
                "A PEM file with the unencrypted key of the client certificate (PKCS#8, PKCS#1 or SEC1);"
                    + " reloaded when it changes.",
            example = "/etc/eksnet/client.key")
        Optional<Path> keyFile,
    @Setting(
            value =
                "Whether to accept any certificate, without verification of chain, dates and name;"
                    + " its expiry is still reported.",
            fallback = "false")
        boolean insecureSkipVerify,
    @Setting(value = "The minimum TLS version.", fallback = "tls1_2") TlsVersion minVersion,
    @Setting(value = "The maximum TLS version.", fallback = "tls1_3") TlsVersion maxVersion) {
  /** The system's authorities, no client certificate. */
  public static final TlsSettings DEFAULT = ConfigReader.defaults(TlsSettings.class);

  /** Any certificate, no client certificate. */
  public static final TlsSettings UNVERIFIED =
      TlsSettingsBuilder.builder(DEFAULT).insecureSkipVerify(true).build();

  public TlsSettings {
    Objects.requireNonNull(minVersion);
    Objects.requireNonNull(maxVersion);
    serverName.ifPresent(
        name -> InvalidSettingException.check("server_name", () -> HostPort.requireHost(name)));
    if (certFile.isPresent() != keyFile.isPresent()) {
      throw new InvalidSettingException(
          certFile.isPresent() ? "cert_file" : "key_file",
          "cert_file and key_file belong together: set both or none");
    }
    if (insecureSkipVerify && caFile.isPresent()) {
      throw new InvalidSettingException(
          "ca_file", "ca_file and insecure_skip_verify exclude each other: set only one");
    }
    if (minVersion.compareTo(maxVersion) > 0) {
      throw new InvalidSettingException(
          "min_version", "is newer than max_version; lower it, or raise max_version");
    }
  }

  /** What is wrong with certificate and key, as far as the files can be read. */
  public Optional<String> fileProblem() {
    return certFile.flatMap(cert -> keyFile.flatMap(key -> ClientCertificate.problem(cert, key)));
  }
}
