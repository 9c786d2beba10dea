package io.eksnet.web;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * The bytes of a certificate, its key and the clients' authorities, as read at one moment.
 *
 * @param authorities empty when clients are not verified
 */
record Certificates(Buffer certificate, Buffer key, Optional<Buffer> authorities) {
  /** Reads the files and makes sure that they belong together; blocks. */
  static Certificates read(TlsServer tls, Vertx vertx) throws IOException {
    var found =
        new Certificates(
            bytes("cert_file", tls.certFile()),
            bytes("key_file", tls.keyFile()),
            tls.clientCaFile().isPresent()
                ? Optional.of(bytes("client_ca_file", tls.clientCaFile().get()))
                : Optional.empty());
    found.check(tls, vertx);
    return found;
  }

  /** How the server uses them. */
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

  /** The same on the options of a server that is not listening yet. */
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
        : Optional.of(TrustOptions.wrap(new AnyClient()));
  }

  private void check(TlsServer tls, Vertx vertx) throws IOException {
    try {
      var managers = keyAndCertificate().getKeyManagerFactory(vertx).getKeyManagers();
      var manager = (X509KeyManager) managers[0];
      var alias = aliasOf(manager);
      if (!belongTogether(
          manager.getPrivateKey(alias), manager.getCertificateChain(alias)[0].getPublicKey())) {
        throw new IOException(
            "the key in " + tls.keyFile() + " is not that of the certificate in " + tls.certFile());
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(
          "cannot use " + tls.certFile() + " with " + tls.keyFile() + ": " + e.getMessage(), e);
    }
    if (authorities.isPresent()) {
      checkAuthorities(tls, vertx);
    }
  }

  private void checkAuthorities(TlsServer tls, Vertx vertx) throws IOException {
    var file = tls.clientCaFile().map(Path::toString).orElse("");
    try {
      var managers =
          new PemTrustOptions()
              .addCertValue(authorities.orElseThrow())
              .getTrustManagerFactory(vertx)
              .getTrustManagers();
      if (((X509TrustManager) managers[0]).getAcceptedIssuers().length == 0) {
        throw new IOException("there is no certificate in " + file);
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot use " + file + ": " + e.getMessage(), e);
    }
  }

  private static String aliasOf(X509KeyManager manager) throws IOException {
    for (var type : List.of("RSA", "EC", "EdDSA", "DSA")) {
      var aliases = manager.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        return aliases[0];
      }
    }
    throw new IOException("neither RSA nor EC is the kind of the key");
  }

  private static boolean belongTogether(PrivateKey ours, PublicKey theirs)
      throws GeneralSecurityException {
    var algorithm =
        switch (ours.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "EdDSA", "Ed25519" -> "EdDSA";
          default -> "SHA256with" + ours.getAlgorithm();
        };
    if (!ours.getAlgorithm().equals(theirs.getAlgorithm())) {
      return false;
    }
    var words = new byte[32];
    new SecureRandom().nextBytes(words);
    var signer = Signature.getInstance(algorithm);
    signer.initSign(ours);
    signer.update(words);
    var verifier = Signature.getInstance(algorithm);
    verifier.initVerify(theirs);
    verifier.update(words);
    return verifier.verify(signer.sign());
  }

  private static Buffer bytes(String setting, Path file) throws IOException {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IOException(
          setting + " " + file + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  /** Asks for a certificate and believes it, as {@code RequireAnyClientCert} wants. */
  private static final class AnyClient implements X509TrustManager {
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
