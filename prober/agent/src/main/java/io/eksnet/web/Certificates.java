package io.eksnet.web;

import io.eksnet.config.BoundedFile;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * The PEM of a certificate, its key and the authorities of clients.
 *
 * @param authorities empty if clients are not verified
 */
record Certificates(Buffer certificate, Buffer key, Optional<Buffer> authorities) {
  private static final int MAX_FILE_BYTES = 1 << 20;

  /** Reads the files and checks that the key is that of the certificate; blocks. */
  static Certificates read(TlsServer tls, Vertx vertx) throws IOException {
    var certificates =
        new Certificates(
            read("cert_file", tls.certFile()),
            read("key_file", tls.keyFile()),
            tls.clientCaFile().isPresent()
                ? Optional.of(read("client_ca_file", tls.clientCaFile().get()))
                : Optional.empty());
    certificates.check(tls, vertx);
    return certificates;
  }

  ServerSSLOptions options(TlsServer tls, boolean http2) {
    var options =
        new ServerSSLOptions()
            .setKeyCertOptions(keyAndCertificate())
            .setClientAuth(tls.clientAuth())
            .setUseAlpn(true)
            .setApplicationLayerProtocols(http2 ? List.of("h2", "http/1.1") : List.of("http/1.1"))
            .setEnabledSecureTransportProtocols(tls.protocols());
    trust(tls).ifPresent(options::setTrustOptions);
    tls.cipherSuites().forEach(options::addEnabledCipherSuite);
    return options;
  }

  void applyTo(HttpServerOptions server, TlsServer tls) {
    server
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(keyAndCertificate())
        .setClientAuth(tls.clientAuth())
        .setEnabledSecureTransportProtocols(tls.protocols());
    trust(tls).ifPresent(server::setTrustOptions);
    tls.cipherSuites().forEach(server::addEnabledCipherSuite);
  }

  private KeyCertOptions keyAndCertificate() {
    return new PemKeyCertOptions().addCertValue(certificate).addKeyValue(key);
  }

  private Optional<TrustOptions> trust(TlsServer tls) {
    if (tls.verifiesClients()) {
      return authorities.map(pem -> new PemTrustOptions().addCertValue(pem));
    }
    return tls.clientAuth() == ClientAuth.NONE
        ? Optional.empty()
        : Optional.of(TrustOptions.wrap(new AcceptAnyClient()));
  }

  private void check(TlsServer tls, Vertx vertx) throws IOException {
    usable(
        tls.certFile() + " with " + tls.keyFile(),
        () -> {
          var manager =
              (X509KeyManager) keyAndCertificate().getKeyManagerFactory(vertx).getKeyManagers()[0];
          var alias = alias(manager);
          if (!isPair(
              manager.getPrivateKey(alias), manager.getCertificateChain(alias)[0].getPublicKey())) {
            throw new IOException(
                "the key in "
                    + tls.keyFile()
                    + " is not that of the certificate in "
                    + tls.certFile());
          }
        });
    if (authorities.isPresent()) {
      var file = tls.clientCaFile().map(Path::toString).orElse("");
      var options = new PemTrustOptions().addCertValue(authorities.get());
      usable(
          file,
          () -> {
            var manager =
                (X509TrustManager) options.getTrustManagerFactory(vertx).getTrustManagers()[0];
            if (manager.getAcceptedIssuers().length == 0) {
              throw new IOException("no certificate in " + file);
            }
          });
    }
  }

  private interface Check {
    void run() throws Exception;
  }

  private static void usable(String files, Check check) throws IOException {
    try {
      check.run();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot use " + files + ": " + e.getMessage(), e);
    }
  }

  private static String alias(X509KeyManager manager) throws IOException {
    for (var type : List.of("RSA", "EC", "EdDSA", "DSA")) {
      var aliases = manager.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        return aliases[0];
      }
    }
    throw new IOException("the key is neither RSA nor EC nor EdDSA nor DSA");
  }

  /** Whether a signature of the private key verifies with the public key. */
  private static boolean isPair(PrivateKey privateKey, PublicKey publicKey)
      throws GeneralSecurityException {
    if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
      return false;
    }
    var algorithm =
        switch (privateKey.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "EdDSA", "Ed25519" -> "EdDSA";
          default -> "SHA256with" + privateKey.getAlgorithm();
        };
    var text = "eksnet".getBytes(StandardCharsets.US_ASCII);
    var signature = Signature.getInstance(algorithm);
    signature.initSign(privateKey);
    signature.update(text);
    var signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(text);
    return signature.verify(signed);
  }

  private static Buffer read(String setting, Path file) throws IOException {
    try {
      return Buffer.buffer(new BoundedFile(file, MAX_FILE_BYTES).read());
    } catch (IOException e) {
      throw new IOException(
          setting + " " + file + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  /** Accepts any client certificate, as {@code RequireAnyClientCert} specifies. */
  private static final class AcceptAnyClient implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
