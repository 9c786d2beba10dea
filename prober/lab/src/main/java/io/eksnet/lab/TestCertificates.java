package io.eksnet.lab;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.ExtendedKeyUsage;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/**
 * TestCertificates for tests: a root CA, an intermediate CA, and leaf certificates, valid and
 * invalid. All keys are EC P-256.
 */
public final class TestCertificates {
  /** A private key and its certificate chain, leaf first, without the root. */
  public record Identity(PrivateKey key, List<X509Certificate> chain) {
    public Identity {
      chain = List.copyOf(chain);
    }

    /** The leaf certificate. */
    public X509Certificate leaf() {
      return chain.get(0);
    }
  }

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Base64.Encoder PEM_ENCODER = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final X509Bundle root;
  private final X509Bundle intermediate;
  private final X509Bundle unknownRoot;
  private final List<String> names;
  private final Instant now;

  private TestCertificates(Instant now, List<String> names) {
    this.now = now;
    this.names = names;
    this.root = build(() -> authority("eksnet lab root").buildSelfSigned());
    this.intermediate = build(() -> authority("eksnet lab authority").buildIssuedBy(root));
    this.unknownRoot = build(() -> authority("unknown authority").buildSelfSigned());
  }

  /** TestCertificates for {@code names}, localhost, 127.0.0.1 and ::1, relative to {@code now}. */
  public static TestCertificates at(Instant now, String... names) {
    return new TestCertificates(
        now, Stream.concat(Stream.of(names), Stream.of("localhost", "127.0.0.1", "::1")).toList());
  }

  /** TestCertificates for {@code names}, localhost, 127.0.0.1 and ::1. */
  public static TestCertificates of(String... names) {
    return at(Instant.now(), names);
  }

  /** The root that clients trust. */
  public X509Certificate authority() {
    return root.getCertificate();
  }

  /** Valid for 30 days. */
  public Identity good() {
    return goodFor(MONTH);
  }

  /** Valid for this time. */
  public Identity goodFor(Duration lifetime) {
    return server(names, now.minus(DAY), now.plus(lifetime), intermediate);
  }

  /** Expired since yesterday. */
  public Identity expired() {
    return server(names, now.minus(MONTH), now.minus(DAY), intermediate);
  }

  /** Valid from tomorrow. */
  public Identity notYetValid() {
    return server(names, now.plus(DAY), now.plus(MONTH), intermediate);
  }

  /** Valid for {@code wrong.invalid} only. */
  public Identity wrongName() {
    return server(List.of("wrong.invalid"), now.minus(DAY), now.plus(MONTH), intermediate);
  }

  /** Signed by an unknown CA. */
  public Identity untrusted() {
    return server(names, now.minus(DAY), now.plus(MONTH), unknownRoot);
  }

  /** Signed by its own key. */
  public Identity selfSigned() {
    var leaf =
        leaf(names, now.minus(DAY), now.plus(MONTH), ExtendedKeyUsage.PKIX_KP_SERVER_AUTH)
            .setIsCertificateAuthority(true);
    return identity(build(leaf::buildSelfSigned));
  }

  /** Valid, without the intermediate CA in the chain. */
  public Identity missingIntermediate() {
    var good = good();
    return new Identity(good.key(), List.of(good.leaf()));
  }

  /** A client certificate. */
  public Identity client() {
    var leaf =
        leaf(
            List.of("client.lab.test"),
            now.minus(DAY),
            now.plus(MONTH),
            ExtendedKeyUsage.PKIX_KP_CLIENT_AUTH);
    return identity(build(() -> leaf.buildIssuedBy(intermediate)));
  }

  /** Writes a trust store for Java with the authority as its only entry. */
  public void writeTrustStore(Path file, String password) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("lab", authority());
      store.store(out, password.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes ca.pem, client.pem and client.key (PKCS #8, readable by the owner only). */
  public void write(Path directory) throws IOException {
    var client = client();
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("ca.pem"), pem(List.of(authority())));
    Files.writeString(directory.resolve("client.pem"), pem(client.chain()));
    var key = directory.resolve("client.key");
    Files.deleteIfExists(key);
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, pem(client.key()));
  }

  /** TestCertificates in PEM format. */
  public static String pem(List<X509Certificate> chain) {
    var text = new StringBuilder();
    try {
      for (var certificate : chain) {
        text.append(pem("CERTIFICATE", certificate.getEncoded()));
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  /** A key in PEM format, PKCS #8. */
  public static String pem(PrivateKey key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String type, byte[] encoded) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(type, PEM_ENCODER.encodeToString(encoded));
  }

  private CertificateBuilder authority(String name) {
    return new CertificateBuilder()
        .ecp256()
        .subject(new X500Principal("CN=" + name))
        .notBefore(now.minus(DAY))
        .notAfter(now.plus(Duration.ofDays(365)))
        .setIsCertificateAuthority(true)
        .setKeyUsage(true, KeyUsage.keyCertSign);
  }

  private static Identity server(
      List<String> names, Instant from, Instant until, X509Bundle issuer) {
    var leaf = leaf(names, from, until, ExtendedKeyUsage.PKIX_KP_SERVER_AUTH);
    return identity(build(() -> leaf.buildIssuedBy(issuer)));
  }

  private static CertificateBuilder leaf(
      List<String> names, Instant from, Instant until, ExtendedKeyUsage usage) {
    var leaf =
        new CertificateBuilder()
            .ecp256()
            .subject(new X500Principal("CN=" + names.get(0)))
            .notBefore(from)
            .notAfter(until)
            .setKeyUsage(true, KeyUsage.digitalSignature)
            .addExtendedKeyUsage(usage);
    for (var name : names) {
      if (name.matches("[0-9.]+|.*:.*")) {
        leaf.addSanIpAddress(name);
      } else {
        leaf.addSanDnsName(name);
      }
    }
    return leaf;
  }

  private static Identity identity(X509Bundle bundle) {
    return new Identity(bundle.getKeyPair().getPrivate(), bundle.getCertificatePathList());
  }

  private interface Build {
    X509Bundle run() throws Exception;
  }

  private static X509Bundle build(Build build) {
    try {
      return build.run();
    } catch (Exception e) {
      throw new IllegalStateException("cannot create a certificate", e);
    }
  }
}
