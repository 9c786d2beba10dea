package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges chains by a set of authorities. When several things are wrong, the first of these is the
 * cause: no trusted authority (nothing in such a certificate can be believed, its dates included),
 * then the dates, then the name. The verdict on a chain is kept until a date in it passes, as path
 * building costs more than a handshake.
 */
final class Trust {
  /**
   * What was found about the chain.
   *
   * @param flaw tls_untrusted, tls_expired, or none
   * @param end of the validity of the path that is trusted; without one, the first end of all
   * @param until when a date passes that may change it
   */
  record Judgement(
      Chain chain, Optional<Cause> flaw, String detail, Instant end, Instant from, Instant until) {}

  private static final int REMEMBERED = 256;

  private final Set<TrustAnchor> anchors;
  private final Map<Key, Judgement> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Judgement> eldest) {
          return size() > REMEMBERED;
        }
      };

  private Trust(Set<TrustAnchor> anchors) {
    this.anchors = anchors;
  }

  static Trust of(Collection<X509Certificate> authorities) {
    return new Trust(
        authorities.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** The authorities of a PEM file. */
  static Trust of(Path file) throws LocalFailure {
    try (InputStream pem = Files.newInputStream(file)) {
      var certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return of(certificates);
      }
    } catch (java.io.IOException | CertificateException e) {
      throw new LocalFailure("ca_file " + file + " holds no readable PEM certificates");
    }
    throw new LocalFailure("ca_file " + file + " holds no certificates");
  }

  /** The authorities that the Java runtime trusts, read once in a process. */
  static Trust system() {
    return new Trust(OfTheRuntime.ANCHORS);
  }

  private static final class OfTheRuntime {
    static final Set<TrustAnchor> ANCHORS = read().anchors;

    private static Trust read() {
      try {
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init((KeyStore) null);
        return of(
            Stream.of(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
                .toList());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the Java runtime has no list of authorities", e);
      }
    }
  }

  /** What is to be said of a presented chain at {@code now}, its name apart. */
  Judgement judge(Certificate[] presented, Instant now) throws CertificateException {
    var key = Key.of(presented);
    var judgement = known.get(key);
    if (judgement == null || now.isBefore(judgement.from()) || !now.isBefore(judgement.until())) {
      judgement = judge(Chain.of(parsed(key)), now);
      known.put(key, judgement);
    }
    return judgement;
  }

  private Judgement judge(Chain chain, Instant now) {
    var doubt = doubt(chain, now);
    if (doubt == null && chain.isInTime(now)) {
      var until = nextDate(chain, now);
      return new Judgement(chain, Optional.empty(), "", end(chain, now), now, until);
    }
    if (doubt == null || moments(chain).anyMatch(moment -> doubt(chain, moment) == null)) {
      return flawed(chain, Cause.TLS_EXPIRED, dates(chain, now), now);
    }
    var detail = chain.isInTime(now) ? doubt : doubt + "; and " + dates(chain, now);
    return flawed(chain, Cause.TLS_UNTRUSTED, detail, now);
  }

  private static Judgement flawed(Chain chain, Cause cause, String detail, Instant now) {
    var until = nextDate(chain, now);
    return new Judgement(chain, Optional.of(cause), detail, chain.firstEnd(), now, until);
  }

  /**
   * The first end that leaves no path to an authority: what is presented beside the path, as an old
   * cross-signed root, may end and harms nobody.
   */
  private Instant end(Chain chain, Instant now) {
    var leaf = chain.leaf().getNotAfter().toInstant();
    return chain.certificates().stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .filter(end -> end.isAfter(now) && end.isBefore(leaf))
        .sorted()
        .filter(end -> doubt(chain, end.plusSeconds(1)) != null)
        .findFirst()
        .orElse(leaf);
  }

  /** Why there is no path to an authority at this moment, or null if there is one. */
  private @Nullable String doubt(Chain chain, Instant moment) {
    if (anchors.isEmpty()) {
      return "no authority is trusted";
    }
    try {
      var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(moment));
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      ((X509TrustManager) factory.getTrustManagers()[0])
          .checkServerTrusted(chain.certificates().toArray(X509Certificate[]::new), "UNKNOWN");
      return null;
    } catch (GeneralSecurityException | RuntimeException e) {
      return "issued by " + chain.leaf().getIssuerX500Principal() + ": " + e.getMessage();
    }
  }

  /** Moments at which as many certificates of the chain as possible are in time. */
  private static Stream<Instant> moments(Chain chain) {
    var firstEnd = chain.firstEnd();
    var lastStart =
        chain.certificates().stream()
            .map(certificate -> certificate.getNotBefore().toInstant())
            .max(Instant::compareTo)
            .orElseThrow();
    return Stream.of(firstEnd, lastStart, chain.leaf().getNotAfter().toInstant()).distinct();
  }

  private static String dates(Chain chain, Instant now) {
    return chain.certificates().stream()
        .filter(certificate -> !Chain.isInTime(certificate, now))
        .findFirst()
        .map(
            certificate ->
                certificate.getSubjectX500Principal()
                    + " is valid from "
                    + certificate.getNotBefore().toInstant()
                    + " to "
                    + certificate.getNotAfter().toInstant())
        .orElse("a certificate of the path is out of date");
  }

  private static Instant nextDate(Chain chain, Instant now) {
    return chain.certificates().stream()
        .flatMap(
            certificate ->
                Stream.of(
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant().plusMillis(1)))
        .filter(now::isBefore)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  private static List<X509Certificate> parsed(Key key) throws CertificateException {
    var factory = CertificateFactory.getInstance("X.509");
    var certificates = new ArrayList<X509Certificate>();
    for (var der : key.der()) {
      certificates.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    return certificates;
  }

  /** A chain by its bytes; the end of the leaf is its signature and hash enough. */
  private static final class Key {
    private static final int HASHED = 32;

    private final List<byte[]> der;
    private final int hash;

    private Key(List<byte[]> der) {
      this.der = der;
      var leaf = der.get(0);
      this.hash =
          Arrays.hashCode(Arrays.copyOfRange(leaf, Math.max(0, leaf.length - HASHED), leaf.length));
    }

    static Key of(Certificate[] presented) throws CertificateException {
      if (presented.length == 0) {
        throw new CertificateException("no certificate was presented");
      }
      var der = new ArrayList<byte[]>(presented.length);
      for (var certificate : presented) {
        der.add(certificate.getEncoded());
      }
      return new Key(der);
    }

    List<byte[]> der() {
      return der;
    }

    @Override
    public boolean equals(Object o) {
      if (!(o instanceof Key other) || der.size() != other.der.size()) {
        return false;
      }
      for (int i = 0; i < der.size(); i++) {
        if (!Arrays.equals(der.get(i), other.der.get(i))) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
