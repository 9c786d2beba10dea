package io.eksnet.probe.net;

import static java.util.stream.Collectors.groupingBy;

import io.eksnet.model.Cause;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;

/**
 * Verifies certificate chains against a set of trusted authorities; a pure function of chain, name
 * and time whose work is bounded ({@link CertificatePaths}). Of several problems the first of these
 * is the cause: no trusted authority (then nothing in the certificate is reliable, its dates
 * included), the dates, the name. Authorities expire too, as for OpenSSL and Go.
 */
final class CertificateVerifier {
  /** Paths that other constraints of RFC 5280 reject, such as path length or names. */
  private static final int MAX_REJECTED_PATHS = 4;

  /** How often the search for a path that expires later goes on. */
  private static final int MAX_RENEWALS = 8;

  private static final AtomicLong IDS = new AtomicLong();

  private final long id = IDS.incrementAndGet();
  private final Map<X500Principal, List<X509Certificate>> authorities;

  private CertificateVerifier(Collection<X509Certificate> authorities) {
    this.authorities =
        authorities.stream()
            .distinct()
            .collect(groupingBy(X509Certificate::getSubjectX500Principal));
  }

  static CertificateVerifier of(Collection<X509Certificate> authorities) {
    return new CertificateVerifier(authorities);
  }

  /** The authorities of a PEM file. */
  static CertificateVerifier of(Path file) throws LocalFailure {
    var pem = SecretFile.bytes("ca_file", file, SecretFile.MAX_PEM_BYTES);
    try {
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return of(certificates);
      }
    } catch (CertificateException e) {
      throw new LocalFailure("ca_file " + file + " holds no readable PEM certificates");
    }
    throw new LocalFailure("ca_file " + file + " holds no certificates");
  }

  /** The authorities that the Java runtime trusts, read once in a process. */
  static CertificateVerifier system() {
    return JavaRuntime.VERIFIER;
  }

  private static final class JavaRuntime {
    static final CertificateVerifier VERIFIER = read();

    private static CertificateVerifier read() {
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

  /** Unique in the process. */
  long id() {
    return id;
  }

  /**
   * Verifies what a peer presented.
   *
   * @param presented in DER, the peer's own first
   * @param name the name or address literal that it must be for
   * @throws CertificateException if a certificate cannot be parsed
   */
  CertificateVerdict verify(List<byte[]> presented, String name, Instant now)
      throws CertificateException {
    var chain = PeerCertificates.parse(presented);
    var paths = new CertificatePaths(authorities, chain.certificates());
    try {
      return verdict(chain, paths, name, now);
    } catch (CertificatePaths.TooManyChecks e) {
      var detail =
          "the "
              + presented.size()
              + " certificates that the peer presents cannot be verified: they need "
              + e.getMessage();
      return untrusted(chain, detail, now);
    }
  }

  private CertificateVerdict verdict(
      PeerCertificates chain, CertificatePaths paths, String name, Instant now) {
    var search = search(paths, now);
    if (search.path().isPresent()) {
      var path = search.path().get();
      return CertificateVerdict.of(
          chain,
          chain.matches(name) ? Optional.empty() : Optional.of(Cause.TLS_NAME),
          chain.matches(name)
              ? ""
              : "the certificate is for " + chain.describeNames() + ", not for " + name,
          expiry(paths, path),
          now,
          Stream.concat(chain.certificates().stream(), Stream.of(path.authority())).toList());
    }
    var dated = paths.ignoringDates();
    if (dated.isPresent() && !dated.get().isValidAt(now)) {
      var moment = dated.get().validFrom();
      var other =
          dated.get().isValidAt(moment)
              ? problem(dated.get(), moment)
              : Optional.<Rejection>empty();
      if (other.isEmpty()) {
        return CertificateVerdict.of(
            chain,
            Optional.of(Cause.TLS_EXPIRED),
            dates(dated.get().all(), now),
            chain.firstExpiry(),
            now,
            Stream.concat(chain.certificates().stream(), Stream.of(dated.get().authority()))
                .toList());
      }
      return untrusted(chain, describe(chain, other.get().reason(), now), now);
    }
    return untrusted(chain, describe(chain, search.reason(), now), now);
  }

  private static String describe(PeerCertificates chain, String reason, Instant now) {
    var issuer = PeerCertificates.shortened(chain.leaf().getIssuerX500Principal().toString());
    var text = "issued by " + issuer + ": " + reason;
    return chain.isValidAt(now) ? text : text + "; and " + dates(chain.certificates(), now);
  }

  private static CertificateVerdict untrusted(PeerCertificates chain, String detail, Instant now) {
    return CertificateVerdict.of(
        chain,
        Optional.of(Cause.TLS_UNTRUSTED),
        detail,
        chain.firstExpiry(),
        now,
        chain.certificates());
  }

  /** A path, or why there is none. */
  private record Search(Optional<CertificatePaths.Path> path, String reason) {}

  /** Why a path is not accepted, and its certificate that must be avoided for another one. */
  private record Rejection(String reason, Optional<X509Certificate> certificate) {}

  private Search search(CertificatePaths paths, Instant moment) {
    var excluded = new ArrayList<X509Certificate>();
    var reason =
        authorities.isEmpty() ? "no authority is trusted" : "no path to a trusted authority";
    for (var tried = 0; tried < MAX_REJECTED_PATHS; tried++) {
      var path = paths.validAt(moment, excluded);
      if (path.isEmpty()) {
        break;
      }
      var rejection = problem(path.get(), moment);
      if (rejection.isEmpty()) {
        return new Search(path, "");
      }
      reason = tried == 0 ? rejection.get().reason() : reason;
      if (rejection.get().certificate().isEmpty()) {
        break;
      }
      excluded.add(rejection.get().certificate().get());
    }
    return new Search(Optional.empty(), reason);
  }

  /** What RFC 5280, the key usage or the algorithms forbid in a path. */
  private static Optional<Rejection> problem(CertificatePaths.Path path, Instant moment) {
    var chain = path.certificates();
    if (chain.isEmpty()) {
      return Optional.empty(); // the peer's own certificate is the trusted one
    }
    for (var certificate : chain) {
      if (usesSha1(certificate)) {
        var reason =
            PeerCertificates.shortened(certificate.getSubjectX500Principal().toString())
                + " is signed with "
                + certificate.getSigAlgName()
                + ", which clients reject";
        return Optional.of(new Rejection(reason, avoidable(chain, chain.indexOf(certificate))));
      }
    }
    try {
      var anchors = Set.of(new TrustAnchor(path.authority(), null));
      var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(moment));
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      ((X509TrustManager) factory.getTrustManagers()[0])
          .checkServerTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
      return Optional.empty();
    } catch (GeneralSecurityException | RuntimeException e) {
      Throwable root = e;
      var index = 0;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        index = cause instanceof CertPathValidatorException failed ? failed.getIndex() : index;
      }
      return Optional.of(
          new Rejection(String.valueOf(root.getMessage()), avoidable(chain, Math.max(1, index))));
    }
  }

  /** The peer's own certificate cannot be avoided. */
  private static Optional<X509Certificate> avoidable(List<X509Certificate> chain, int index) {
    return index > 0 && index < chain.size() ? Optional.of(chain.get(index)) : Optional.empty();
  }

  /** The JDK accepts SHA-1 below private authorities; OpenSSL 3, Go and browsers do not. */
  private static boolean usesSha1(X509Certificate certificate) {
    var algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    return algorithm.startsWith("SHA1") || algorithm.startsWith("SHA-1");
  }

  /**
   * When no path to an authority is left: certificates beside the path, such as an old cross-signed
   * root, may expire.
   */
  private Instant expiry(CertificatePaths paths, CertificatePaths.Path path) {
    var expiry = path.expiry();
    for (var renewal = 0; renewal < MAX_RENEWALS; renewal++) {
      var next = search(paths, expiry.plusSeconds(1)).path();
      if (next.isEmpty()) {
        return expiry;
      }
      expiry = next.get().expiry();
    }
    return expiry;
  }

  private static String dates(List<X509Certificate> certificates, Instant now) {
    return certificates.stream()
        .filter(certificate -> !PeerCertificates.isValidAt(certificate, now))
        .findFirst()
        .map(
            certificate ->
                PeerCertificates.shortened(certificate.getSubjectX500Principal().toString())
                    + " is valid from "
                    + certificate.getNotBefore().toInstant()
                    + " to "
                    + certificate.getNotAfter().toInstant())
        .orElse("a certificate of the path is not valid now");
  }
}
