package io.eksnet.web;

import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.vertx.core.http.ClientAuth;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** TLS settings of the endpoints. */
public record TlsServer(
    @Setting(
            value = "The certificate with its chain in PEM; read again when it changes.",
            required = true)
        Path certFile,
    @Setting(value = "The private key in PEM; read again when it changes.", required = true)
        Path keyFile,
    @Setting(
            value = "Whether clients must present a certificate.",
            fallback = "NoClientCert",
            oneOf = {
              "NoClientCert",
              "RequestClientCert",
              "RequireAnyClientCert",
              "VerifyClientCertIfGiven",
              "RequireAndVerifyClientCert"
            })
        String clientAuthType,
    @Setting("The certificate authorities of clients in PEM; read again when it changes.")
        Optional<Path> clientCaFile,
    @Setting(
            value = "The lowest version of TLS.",
            fallback = "TLS12",
            oneOf = {"TLS12", "TLS13"})
        String minVersion,
    @Setting(
            value = "The highest version of TLS.",
            fallback = "TLS13",
            oneOf = {"TLS12", "TLS13"})
        String maxVersion,
    @Setting(
            value = "The allowed cipher suites by their IANA names; empty: the platform's.",
            fallback = "[]")
        List<String> cipherSuites) {
  public TlsServer {
    cipherSuites = List.copyOf(cipherSuites);
    if (minVersion.compareTo(maxVersion) > 0) {
      throw new InvalidSettingException(
          "min_version",
          "min_version (" + minVersion + ") is above max_version (" + maxVersion + ")");
    }
    if (verifies(clientAuthType) != clientCaFile.isPresent()) {
      throw new InvalidSettingException(
          "client_auth_type",
          clientAuthType
              + (clientCaFile.isPresent()
                  ? " does not verify clients; remove client_ca_file or set RequireAndVerifyClientCert"
                  : " needs client_ca_file"));
    }
  }

  /** Whether client certificates are verified against the authorities. */
  boolean verifiesClients() {
    return verifies(clientAuthType);
  }

  ClientAuth clientAuth() {
    return switch (clientAuthType) {
      case "RequestClientCert", "VerifyClientCertIfGiven" -> ClientAuth.REQUEST;
      case "RequireAnyClientCert", "RequireAndVerifyClientCert" -> ClientAuth.REQUIRED;
      default -> ClientAuth.NONE;
    };
  }

  /** The JSSE names of the protocol versions. */
  Set<String> protocols() {
    var protocols = new LinkedHashSet<String>();
    if (maxVersion.equals("TLS13")) {
      protocols.add("TLSv1.3");
    }
    if (minVersion.equals("TLS12")) {
      protocols.add("TLSv1.2");
    }
    return protocols;
  }

  private static boolean verifies(String clientAuthType) {
    return clientAuthType.contains("Verify");
  }
}
