package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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
 * Verifies certificate chains against a set of trusted authorities. Of several problems the first
 * of these is the cause: no trusted authority (then nothing in the certificate is reliable, its
 * dates included), the dates, the name. The result for a chain is cached until a date in it passes,
 * as path building costs more than a handshake.
 */
final class CertificateVerifier {
  /**
   * The result for a chain, its name apart.
   *
   * @param problem tls_untrusted, tls_expired, or none
   * @param expiry of the trusted path; without one, of the certificate that expires first
   * @param validUntil when a date passes that may change the result
   */
  record Result(
      PeerCertificates chain,
      Optional<Cause> problem,
      String detail,
      Instant expiry,
      Instant validFrom,
      Instant validUntil) {}

  private static final int CACHE_SIZE = 256;

  private final Set<TrustAnchor> anchors;
  private final Map<List<ByteBuffer>, Result> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<ByteBuffer>, Result> eldest) {
          return size() > CACHE_SIZE;
        }
      };

  private CertificateVerifier(Set<TrustAnchor> anchors) {
    this.anchors = anchors;
  }

  static CertificateVerifier of(Collection<X509Certificate> authorities) {
    return new CertificateVerifier(
        authorities.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** The authorities of a PEM file. */
  static CertificateVerifier of(Path file) throws LocalFailure {
    try (InputStream pem = Files.newInputStream(file)) {
      var certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return of(certificates);
      }
    } catch (IOException | CertificateException e) {
      throw new LocalFailure("ca_file " + file + " holds no readable PEM certificates");
    }
    throw new LocalFailure("ca_file " + file + " holds no certificates");
  }

  /** The authorities that the Java runtime trusts, read once in a process. */
  static CertificateVerifier system() {
    return new CertificateVerifier(JavaRuntime.ANCHORS);
  }

  private static final class JavaRuntime {
    static final Set<TrustAnchor> ANCHORS = read().anchors;

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

  /** Verifies a presented chain at {@code now}, its name apart. */
  Result verify(Certificate[] presented, Instant now) throws CertificateException {
    if (presented.length == 0) {
      throw new CertificateException("no certificate was presented");
    }
    var key = new ArrayList<ByteBuffer>(presented.length);
    for (var certificate : presented) {
      key.add(ByteBuffer.wrap(certificate.getEncoded()));
    }
    var result = cache.get(key);
    if (result == null || now.isBefore(result.validFrom()) || !now.isBefore(result.validUntil())) {
      result = verify(PeerCertificates.of(parsed(presented)), now);
      cache.put(List.copyOf(key), result);
    }
    return result;
  }

  private Result verify(PeerCertificates chain, Instant now) {
    var problem = pathProblem(chain, now);
    if (problem == null && chain.isValidAt(now)) {
      var until = nextDate(chain, now);
      return new Result(chain, Optional.empty(), "", expiry(chain, now), now, until);
    }
    if (problem == null || moments(chain).anyMatch(moment -> pathProblem(chain, moment) == null)) {
      return failed(chain, Cause.TLS_EXPIRED, dates(chain, now), now);
    }
    var detail = chain.isValidAt(now) ? problem : problem + "; and " + dates(chain, now);
    return failed(chain, Cause.TLS_UNTRUSTED, detail, now);
  }

  private static Result failed(PeerCertificates chain, Cause cause, String detail, Instant now) {
    var until = nextDate(chain, now);
    return new Result(chain, Optional.of(cause), detail, chain.firstExpiry(), now, until);
  }

  /**
   * The first expiry that leaves no path to an authority: a certificate that is presented beside
   * the path, such as an old cross-signed root, may expire.
   */
  private Instant expiry(PeerCertificates chain, Instant now) {
    var leaf = chain.leaf().getNotAfter().toInstant();
    return chain.certificates().stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .filter(end -> end.isAfter(now) && end.isBefore(leaf))
        .sorted()
        .filter(end -> pathProblem(chain, end.plusSeconds(1)) != null)
        .findFirst()
        .orElse(leaf);
  }

  /** Why there is no path to an authority at {@code moment}, or null if there is one. */
  private @Nullable String pathProblem(PeerCertificates chain, Instant moment) {
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

  /** Moments at which as many certificates of the chain as possible are valid. */
  private static Stream<Instant> moments(PeerCertificates chain) {
    var firstExpiry = chain.firstExpiry();
    var lastStart =
        chain.certificates().stream()
            .map(certificate -> certificate.getNotBefore().toInstant())
            .max(Instant::compareTo)
            .orElseThrow();
    return Stream.of(firstExpiry, lastStart, chain.leaf().getNotAfter().toInstant()).distinct();
  }

  private static String dates(PeerCertificates chain, Instant now) {
    return chain.certificates().stream()
        .filter(certificate -> !PeerCertificates.isValidAt(certificate, now))
        .findFirst()
        .map(
            certificate ->
                certificate.getSubjectX500Principal()
                    + " is valid from "
                    + certificate.getNotBefore().toInstant()
                    + " to "
                    + certificate.getNotAfter().toInstant())
        .orElse("a certificate of the path is not valid now");
  }

  private static Instant nextDate(PeerCertificates chain, Instant now) {
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

  /** Certificates of the JDK, whose path building does not accept the lazy ones of BoringSSL. */
  private static List<X509Certificate> parsed(Certificate[] presented) throws CertificateException {
    var factory = CertificateFactory.getInstance("X.509");
    var certificates = new ArrayList<X509Certificate>();
    for (var certificate : presented) {
      var der = new ByteArrayInputStream(certificate.getEncoded());
      certificates.add((X509Certificate) factory.generateCertificate(der));
    }
    return certificates;
  }
}
