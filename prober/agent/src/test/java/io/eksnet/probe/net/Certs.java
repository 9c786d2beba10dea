package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemWriter;

/** An authority of the tests and what it signs. */
public final class Certs {
  /** A key and its chain, without the root. */
  public record Identity(PrivateKey key, List<X509Certificate> chain) {
    public X509Certificate leaf() {
      return chain.get(0);
    }
  }

  /** When a certificate is valid. */
  public record Life(Instant from, Instant until) {}

  public static final Life MONTH = days(-1, 30);
  public static final Life PAST = days(-30, -1);
  public static final Life FUTURE = days(1, 30);

  private final X500Name name;
  private final KeyPair keys;
  private final X509Certificate root;
  private final String algorithm;
  private final Supplier<KeyPair> leafKeys;

  public Certs(String authority) {
    this(authority, days(-10, 3650));
  }

  public Certs(String authority, Life life) {
    name = new X500Name("CN=" + authority);
    keys = keys();
    algorithm = "SHA256withECDSA";
    leafKeys = Certs::keys;
    root = sign(name, keys, life, true, List.of());
  }

  private Certs(X500Name name, KeyPair keys, X509Certificate certificate) {
    this(name, keys, certificate, "SHA256withECDSA", Certs::keys);
  }

  private Certs(
      X500Name name,
      KeyPair keys,
      X509Certificate certificate,
      String algorithm,
      Supplier<KeyPair> leafKeys) {
    this.name = name;
    this.keys = keys;
    this.root = certificate;
    this.algorithm = algorithm;
    this.leafKeys = leafKeys;
  }

  /** The same authority with another signature algorithm. */
  Certs signingWith(String other) {
    return new Certs(name, keys, root, other, leafKeys);
  }

  /** The same authority, whose leaves have these keys. */
  Certs withKeys(KeyPair leaf) {
    return new Certs(name, keys, root, algorithm, () -> leaf);
  }

  /** A certificate for the name and key of another authority. */
  X509Certificate crossSign(Certs other, Life life) {
    return sign(other.name, other.keys, life, true, List.of());
  }

  /** A certificate that must not issue others, as if it were an authority. */
  Certs leafAsIssuer(String subject) {
    var own = keys();
    var subjectName = new X500Name("CN=" + subject);
    return new Certs(subjectName, own, sign(subjectName, own, MONTH, false, List.of()));
  }

  static KeyPair rsa(int bits) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An authority under this one. */
  public Certs under(String authority, Life life) {
    var subject = new X500Name("CN=" + authority);
    var own = keys();
    return new Certs(subject, own, sign(subject, own, life, true, List.of()));
  }

  public static Life days(int from, int until) {
    var now = Instant.ofEpochSecond(Instant.now().getEpochSecond());
    return new Life(now.plus(Duration.ofDays(from)), now.plus(Duration.ofDays(until)));
  }

  public X509Certificate root() {
    return root;
  }

  /** A certificate for names and address literals. */
  public Identity leaf(Life life, String... names) {
    var own = leafKeys.get();
    var subject = new X500Name("CN=leaf of the tests");
    return new Identity(own.getPrivate(), List.of(sign(subject, own, life, false, List.of(names))));
  }

  /** Certificates as a peer presents them. */
  static List<byte[]> der(X509Certificate... chain) throws CertificateEncodingException {
    var all = new ArrayList<byte[]>();
    for (var certificate : chain) {
      all.add(certificate.getEncoded());
    }
    return all;
  }

  public Path rootFile(Path directory) {
    return write(directory.resolve("ca-" + name + ".pem"), root);
  }

  public static Path write(Path file, Object... parts) {
    var text = new StringWriter();
    try (var pem = new PemWriter(text)) {
      for (var part : parts) {
        pem.writeObject(
            part instanceof PrivateKey key
                ? new JcaPKCS8Generator(key, null)
                : new JcaMiscPEMGenerator(part));
      }
      pem.flush();
      return Files.writeString(file, text.toString());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What a server needs; asks for client certificates of {@code clients} where given. */
  public static SSLContext server(Identity identity, Certs... clients) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "key", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
      var mine = KeyManagerFactory.getInstance("PKIX");
      mine.init(store, new char[0]);
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (var client : clients) {
        trusted.setCertificateEntry(client.name.toString(), client.root);
      }
      var theirs = TrustManagerFactory.getInstance("PKIX");
      if (clients.length > 0) {
        theirs.init(trusted);
      }
      var context = SSLContext.getInstance("TLS");
      context.init(
          mine.getKeyManagers(), clients.length > 0 ? theirs.getTrustManagers() : null, null);
      return context;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(
      X500Name subject, KeyPair subjectKeys, Life life, boolean authority, List<String> names) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(64, new SecureRandom()),
              Date.from(life.from()),
              Date.from(life.until()),
              subject,
              subjectKeys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.stream().map(Certs::general).toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static GeneralName general(String text) {
    return new GeneralName(
        AddressLiteral.parse(text).isPresent() ? GeneralName.iPAddress : GeneralName.dNSName, text);
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
