package io.eksnet.probe.net;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A certificate for the client side of handshakes, with its key.
 *
 * @param chain the client's own first
 */
record ClientCertificate(PrivateKey key, List<X509Certificate> chain) {
  /** The file may hold the key and text, too. */
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

  ClientCertificate {
    chain = List.copyOf(chain);
  }

  /** For texts. */
  String subject() {
    return PeerCertificates.shortened(chain.get(0).getSubjectX500Principal().toString());
  }

  /** Reads the files; the messages of failures name the setting and never show the key. */
  static ClientCertificate read(Path certFile, Path keyFile) throws LocalFailure {
    var chain = chain(certFile);
    var keyText = text("key_file", keyFile);
    PrivateKey key;
    try {
      key = PrivateKeys.parse(keyText);
    } catch (IllegalArgumentException e) {
      throw new LocalFailure("key_file " + keyFile + " " + e.getMessage());
    }
    if (!PrivateKeys.belongTogether(key, chain.get(0).getPublicKey())) {
      throw new LocalFailure(
          "key_file "
              + keyFile
              + " is not the key of the first certificate in cert_file "
              + certFile
              + "; give the key that the certificate was requested with");
    }
    return new ClientCertificate(key, chain);
  }

  /** What is wrong with files that can be read; empty also when one cannot. */
  static Optional<String> problem(Path certFile, Path keyFile) {
    if (!Files.isReadable(certFile) || !Files.isReadable(keyFile)) {
      return Optional.empty();
    }
    try {
      read(certFile, keyFile);
      return Optional.empty();
    } catch (LocalFailure e) {
      return Optional.of(e.detail());
    }
  }

  private static String text(String setting, Path file) throws LocalFailure {
    return new String(
        SecretFile.bytes(setting, file, SecretFile.MAX_PEM_BYTES), StandardCharsets.ISO_8859_1);
  }

  private static List<X509Certificate> chain(Path file) throws LocalFailure {
    var blocks = CERTIFICATE.matcher(text("cert_file", file));
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var chain = new ArrayList<X509Certificate>();
      while (blocks.find()) {
        var pem = new ByteArrayInputStream(blocks.group().getBytes(StandardCharsets.ISO_8859_1));
        chain.add((X509Certificate) factory.generateCertificate(pem));
      }
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (CertificateException e) {
      throw new LocalFailure("cert_file " + file + " holds no readable PEM certificate");
    }
    throw new LocalFailure("cert_file " + file + " holds no PEM certificate");
  }
}
