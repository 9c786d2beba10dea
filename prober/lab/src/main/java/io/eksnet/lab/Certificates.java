package io.eksnet.lab;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * Throw-away certificates: a root, an authority between, and leaves for every way to be wrong. All
 * keys are EC P-256 and live in memory.
 */
public final class Certificates {
  /** A private key and the chain to present with it, the leaf first and without the root. */
  public record Identity(PrivateKey key, List<X509Certificate> chain) {
    public Identity {
      chain = List.copyOf(chain);
    }

    /** The certificate of the key. */
    public X509Certificate leaf() {
      return chain.get(0);
    }
  }

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration DAY = Duration.ofDays(1);

  private final Issuer root;
  private final Issuer between;
  private final Issuer stranger;
  private final List<String> names;
  private final Instant now;

  private Certificates(Instant now, List<String> names) {
    this.now = now;
    this.names = names;
    var life = new Life(now.minus(DAY), now.plus(DAY.multipliedBy(365)));
    this.root = Issuer.root("eksnet lab root", life);
    this.between = root.authority("eksnet lab authority", life);
    this.stranger = Issuer.root("an authority nobody knows", life);
  }

  /** Certificates around {@code now} for {@code name}, localhost, 127.0.0.1 and ::1. */
  public static Certificates at(Instant now, String name) {
    return new Certificates(now, List.of(name, "localhost", "127.0.0.1", "::1"));
  }

  /** Certificates of now for {@code name}, localhost, 127.0.0.1 and ::1. */
  public static Certificates of(String name) {
    return at(Instant.now(), name);
  }

  /** The root that a client should trust. */
  public X509Certificate authority() {
    return root.certificate();
  }

  /** Valid for 30 days from now. */
  public Identity good() {
    return goodFor(DAY.multipliedBy(30));
  }

  /** Valid from yesterday until {@code life} from now. */
  public Identity goodFor(Duration life) {
    return between.leaf(names, new Life(now.minus(DAY), now.plus(life)), true);
  }

  /** Ended yesterday. */
  public Identity expired() {
    return between.leaf(names, new Life(now.minus(DAY.multipliedBy(30)), now.minus(DAY)), true);
  }

  /** Begins tomorrow. */
  public Identity notYetValid() {
    return between.leaf(names, new Life(now.plus(DAY), now.plus(DAY.multipliedBy(30))), true);
  }

  /** Good, for {@code wrong.invalid} only. */
  public Identity wrongName() {
    return between.leaf(List.of("wrong.invalid"), month(), true);
  }

  /** Signed by an authority that is in nobody's store. */
  public Identity untrusted() {
    return stranger.leaf(names, month(), true);
  }

  /** Its own authority. */
  public Identity selfSigned() {
    return Issuer.selfSigned(names, month());
  }

  /** Good, without the authority between it and the root. */
  public Identity missingIntermediate() {
    var good = good();
    return new Identity(good.key(), List.of(good.leaf()));
  }

  /** A client's. */
  public Identity client() {
    return between.leaf(List.of("client.lab.test"), month(), false);
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

  /** Certificates as PEM, in their order. */
  public static String pem(List<X509Certificate> chain) {
    var text = new StringBuilder();
    try {
      for (var certificate : chain) {
        text.append(pem(new JcaMiscPEMGenerator(certificate)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** A key as PEM in PKCS #8. */
  public static String pem(PrivateKey key) {
    try {
      return pem(new JcaPKCS8Generator(key, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Life month() {
    return new Life(now.minus(DAY), now.plus(DAY.multipliedBy(30)));
  }

  private static String pem(PemObjectGenerator object) throws IOException {
    var text = new StringWriter();
    try (var writer = new PemWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  private record Life(Instant from, Instant until) {}

  /** A name, its key, and its certificate with those above it. */
  private record Issuer(X500Name name, KeyPair keys, List<X509Certificate> chain) {
    X509Certificate certificate() {
      return chain.get(0);
    }

    static Issuer root(String name, Life life) {
      var keys = newKeys();
      var subject = common(name);
      return new Issuer(subject, keys, List.of(signCa(subject, keys, subject, keys, life)));
    }

    Issuer authority(String name, Life life) {
      var own = newKeys();
      var subject = common(name);
      return new Issuer(subject, own, List.of(signCa(this.name, keys, subject, own, life)));
    }

    Identity leaf(List<String> names, Life life, boolean server) {
      var own = newKeys();
      var chain = new ArrayList<X509Certificate>();
      chain.add(signLeaf(name, keys, own, names, life, server));
      chain.addAll(this.chain);
      return new Identity(own.getPrivate(), chain);
    }

    static Identity selfSigned(List<String> names, Life life) {
      var own = newKeys();
      var subject = common(names.get(0));
      return new Identity(
          own.getPrivate(), List.of(signLeaf(subject, own, own, names, life, true)));
    }
  }

  private static X509Certificate signCa(
      X500Name issuer, KeyPair signer, X500Name subject, KeyPair keys, Life life) {
    var builder = builder(issuer, subject, keys, life);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
    return sign(builder, signer);
  }

  private static X509Certificate signLeaf(
      X500Name issuer,
      KeyPair signer,
      KeyPair keys,
      List<String> names,
      Life life,
      boolean server) {
    var builder = builder(issuer, common(names.get(0)), keys, life);
    var purpose = server ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth;
    try {
      builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
    return sign(builder, signer);
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair keys, Life life) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(120, RANDOM).add(BigInteger.ONE),
        Date.from(life.from()),
        Date.from(life.until()),
        subject,
        keys.getPublic());
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair signer) {
    try {
      var by = new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(by));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GeneralNames alternatives(List<String> names) {
    return new GeneralNames(
        names.stream()
            .map(name -> new GeneralName(isAddress(name) ? IP : DNS, name))
            .toArray(GeneralName[]::new));
  }

  private static final int DNS = GeneralName.dNSName;
  private static final int IP = GeneralName.iPAddress;

  private static boolean isAddress(String name) {
    return name.contains(":") || name.matches("[0-9.]+");
  }

  private static X500Name common(String name) {
    return new X500Name("CN=" + name);
  }

  private static KeyPair newKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
