package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of the certificates that a peer presented for a name. Holds no certificate, and
 * texts of limited length only, as it is cached.
 *
 * @param problem tls_untrusted, tls_expired, tls_name, or none
 * @param detail of the problem; empty without one
 * @param expiry of the trusted path; without one, of the certificate that expires first
 * @param description the peer's own certificate in a line of the trace
 * @param validFrom the verdict holds from this moment
 * @param validUntil when a date passes that may change the verdict
 */
record CertificateVerdict(
    Optional<Cause> problem,
    String detail,
    Instant expiry,
    String description,
    Instant validFrom,
    Instant validUntil) {
  private static final int MAX_DETAIL_LENGTH = 1024;

  /** OpenSSL rejects shorter RSA keys from its security level 2 on, Debian's default. */
  private static final int MIN_RSA_BITS = 2048;

  /**
   * @param dated the certificates whose dates the verdict depends on
   */
  static CertificateVerdict of(
      PeerCertificates chain,
      Optional<Cause> problem,
      String detail,
      Instant expiry,
      Instant now,
      List<X509Certificate> dated) {
    return new CertificateVerdict(
        problem,
        detail.length() > MAX_DETAIL_LENGTH ? detail.substring(0, MAX_DETAIL_LENGTH) + "…" : detail,
        expiry,
        describe(chain.leaf()),
        now,
        nextDate(dated, now));
  }

  boolean holdsAt(Instant now) {
    return !now.isBefore(validFrom) && now.isBefore(validUntil);
  }

  private static String describe(X509Certificate leaf) {
    var text =
        PeerCertificates.shortened(leaf.getSubjectX500Principal().toString())
            + ", issued by "
            + PeerCertificates.shortened(leaf.getIssuerX500Principal().toString())
            + ", until "
            + leaf.getNotAfter().toInstant();
    return leaf.getPublicKey() instanceof RSAPublicKey rsa
            && rsa.getModulus().bitLength() < MIN_RSA_BITS
        ? text + ", weak key: RSA with " + rsa.getModulus().bitLength() + " bits"
        : text;
  }

  private static Instant nextDate(List<X509Certificate> certificates, Instant now) {
    return certificates.stream()
        .flatMap(
            certificate ->
                Stream.of(
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant().plusMillis(1)))
        .filter(now::isBefore)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }
}
