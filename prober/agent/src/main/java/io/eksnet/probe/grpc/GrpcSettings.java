package io.eksnet.probe.grpc;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ErrorText;
import io.eksnet.config.Inline;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.config.SettingsBuilder;
import io.eksnet.model.Family;
import io.eksnet.model.HostPort;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.Headers;
import io.eksnet.probe.net.ProbeNetwork;
import io.eksnet.probe.net.ProxyProtocol;
import io.eksnet.probe.net.TlsSettings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The settings of the {@code grpc} kind: which health to ask for. */
@SettingsBuilder
public record GrpcSettings(
    @Setting(
            value = "The service whose health to check; empty: that of the server as a whole.",
            fallback = "''",
            max = GrpcSettings.MAX_SERVICE_LENGTH,
            example = "shop.v1.Checkout")
        String service,
    @Setting(
            value = "The authority to send, if it is not the host and port of the target.",
            example = "shop.example.com")
        Optional<String> authority,
    @Setting(
            value =
                "Metadata to send, with names in lower case. Credentials are refused here; they come"
                    + " from files, with metadata_files.",
            fallback = "{}",
            example = "{x-tenant: shop}")
        Map<String, String> metadata,
    @Setting(
            value =
                "Metadata to send, each with a file that holds the value; for secrets. Reloaded when"
                    + " they change.",
            fallback = "{}",
            example = "{authorization: /etc/eksnet/authorization}")
        Map<String, Path> metadataFiles,
    @Setting(value = "Which addresses of a name to use.", fallback = "any") Family family,
    @Setting(
            value =
                "Whether to probe the first address of a name, or each of them with a result of its"
                    + " own (at most 16).",
            fallback = "one")
        AddressSelection addresses,
    @Setting(value = "TLS settings for `grpcs://` targets.", fallback = "{}") TlsSettings tls,
    @Setting(value = "The version of the PROXY protocol header to send first.", example = "v2")
        Optional<ProxyProtocol> proxyProtocol,
    @Inline ProbeNetwork network) {
  static final int MAX_SERVICE_LENGTH = 1024;

  /** Headers of gRPC itself; names that begin with {@code grpc-} are reserved as well. */
  private static final Set<String> RESERVED = Set.of("content-type", "user-agent");

  /** The health of the server as a whole. */
  public static final GrpcSettings DEFAULT = ConfigReader.defaults(GrpcSettings.class);

  public GrpcSettings {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    metadataFiles = Collections.unmodifiableMap(new LinkedHashMap<>(metadataFiles));
    Objects.requireNonNull(family);
    Objects.requireNonNull(addresses);
    network.requireFamily(family);
    if (service.length() > MAX_SERVICE_LENGTH) {
      throw new InvalidSettingException(
          "service", "is too long; use at most " + MAX_SERVICE_LENGTH + " characters");
    }
    authority.ifPresent(
        name -> InvalidSettingException.check("authority", () -> HostPort.parse(name)));
    var plain = metadata;
    InvalidSettingException.check(
        "metadata",
        () -> {
          plain.keySet().forEach(GrpcSettings::requireName);
          Headers.requirePlain(plain);
        });
    var secret = metadataFiles.keySet();
    InvalidSettingException.check(
        "metadata_files",
        () -> {
          secret.forEach(GrpcSettings::requireName);
          secret.forEach(Headers::requireNotReserved);
        });
    if (tls.insecureSkipVerify() && !secret.isEmpty()) {
      throw new InvalidSettingException(
          "tls.insecure_skip_verify",
          "credentials are never sent to a peer that was not verified: give tls.ca_file instead of"
              + " tls.insecure_skip_verify");
    }
  }

  /** gRPC over HTTP2, "Requests", Custom-Metadata. */
  private static void requireName(String name) {
    if (!name.matches("[0-9a-z_.-]+") || name.startsWith("grpc-") || RESERVED.contains(name)) {
      throw new IllegalArgumentException(
          "names are lower-case letters, digits, _, . and -, and do not begin with grpc-,"
              + " unlike "
              + ErrorText.quote(name));
    }
  }
}
