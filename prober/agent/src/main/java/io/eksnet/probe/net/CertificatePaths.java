package io.eksnet.probe.net;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * Finds paths from a presented certificate to a trusted authority (RFC 4158) by names, signatures
 * and dates. The work is bounded: a search visits each certificate once, and all searches in one
 * set of certificates check {@value #MAX_SIGNATURE_CHECKS} signatures at most, as certificates that
 * sign each other otherwise take factorial time.
 */
final class CertificatePaths {
  /** Real chains need fewer than ten; the limit of Go's crypto/x509 is 100. */
  static final int MAX_SIGNATURE_CHECKS = 64;

  /** The presented certificates need more signature checks than {@link #MAX_SIGNATURE_CHECKS}. */
  static final class TooManyChecks extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyChecks() {
      super("more than " + MAX_SIGNATURE_CHECKS + " signature checks", null, false, false);
    }
  }

  /**
   * A path to an authority.
   *
   * @param certificates the peer's own first, without the authority; each is signed by the next
   */
  record Path(List<X509Certificate> certificates, X509Certificate authority) {
    Path {
      certificates = List.copyOf(certificates);
    }

    /** All certificates whose dates matter, the authority among them. */
    List<X509Certificate> all() {
      var all = new ArrayList<>(certificates);
      all.add(authority);
      return all;
    }

    boolean isValidAt(Instant moment) {
      return all().stream().allMatch(c -> PeerCertificates.isValidAt(c, moment));
    }

    Instant validFrom() {
      return all().stream()
          .map(c -> c.getNotBefore().toInstant())
          .max(Instant::compareTo)
          .orElseThrow();
    }

    Instant expiry() {
      return all().stream()
          .map(c -> c.getNotAfter().toInstant())
          .min(Instant::compareTo)
          .orElseThrow();
    }
  }

  private record Signature(X509Certificate certificate, PublicKey key) {}

  private final Map<X500Principal, List<X509Certificate>> authorities;
  private final X509Certificate leaf;
  private final Map<X500Principal, List<X509Certificate>> issuers = new HashMap<>();
  private final Set<X500Principal> leadingToAuthority;
  private final Map<Signature, Boolean> checked = new HashMap<>();

  /**
   * @param authorities the trusted certificates by subject
   * @param presented the peer's own first, in any order behind it
   */
  CertificatePaths(
      Map<X500Principal, List<X509Certificate>> authorities, List<X509Certificate> presented) {
    this.authorities = authorities;
    this.leaf = presented.get(0);
    for (var certificate : new LinkedHashSet<>(presented.subList(1, presented.size()))) {
      if (certificate.getBasicConstraints() >= 0) {
        issuers
            .computeIfAbsent(certificate.getSubjectX500Principal(), s -> new ArrayList<>())
            .add(certificate);
      }
    }
    this.leadingToAuthority = leadingToAuthority();
  }

  /** The shortest path of certificates that are valid at {@code moment}. */
  Optional<Path> validAt(Instant moment, Collection<X509Certificate> excluded) {
    return find(Optional.of(moment), excluded);
  }

  /** The shortest path, whatever its dates. */
  Optional<Path> ignoringDates() {
    return find(Optional.empty(), List.of());
  }

  private Optional<Path> find(Optional<Instant> moment, Collection<X509Certificate> excluded) {
    if (!isUsable(leaf, moment)) {
      return Optional.empty();
    }
    if (authorities.getOrDefault(leaf.getSubjectX500Principal(), List.of()).contains(leaf)) {
      return Optional.of(new Path(List.of(), leaf));
    }
    var seen = new HashSet<X509Certificate>(excluded);
    var queue = new ArrayDeque<List<X509Certificate>>();
    queue.add(List.of(leaf));
    while (!queue.isEmpty()) {
      var path = queue.remove();
      var last = path.get(path.size() - 1);
      for (var authority : authorities.getOrDefault(last.getIssuerX500Principal(), List.of())) {
        if (isUsable(authority, moment) && isSignedBy(last, authority)) {
          return Optional.of(new Path(path, authority));
        }
      }
      for (var issuer : issuers.getOrDefault(last.getIssuerX500Principal(), List.of())) {
        if (leadingToAuthority.contains(issuer.getIssuerX500Principal())
            && isUsable(issuer, moment)
            && !seen.contains(issuer)
            && isSignedBy(last, issuer)) {
          seen.add(issuer);
          var longer = new ArrayList<>(path);
          longer.add(issuer);
          queue.add(longer);
        }
      }
    }
    return Optional.empty();
  }

  /** The subjects from which the names alone lead to an authority; no signature is checked. */
  private Set<X500Principal> leadingToAuthority() {
    var subjectsByIssuer = new HashMap<X500Principal, Set<X500Principal>>();
    issuers
        .values()
        .forEach(
            sameSubject ->
                sameSubject.forEach(
                    certificate ->
                        subjectsByIssuer
                            .computeIfAbsent(
                                certificate.getIssuerX500Principal(), i -> new HashSet<>())
                            .add(certificate.getSubjectX500Principal())));
    var leading = new HashSet<X500Principal>();
    var queue = new ArrayDeque<X500Principal>();
    subjectsByIssuer.keySet().stream().filter(authorities::containsKey).forEach(queue::add);
    while (!queue.isEmpty()) {
      var name = queue.remove();
      if (leading.add(name)) {
        queue.addAll(subjectsByIssuer.getOrDefault(name, Set.of()));
      }
    }
    return leading;
  }

  private static boolean isUsable(X509Certificate certificate, Optional<Instant> moment) {
    return moment.isEmpty() || PeerCertificates.isValidAt(certificate, moment.get());
  }

  private boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
    var signature = new Signature(certificate, issuer.getPublicKey());
    var known = checked.get(signature);
    if (known != null) {
      return known;
    }
    if (checked.size() >= MAX_SIGNATURE_CHECKS) {
      throw new TooManyChecks();
    }
    var valid = verifies(signature);
    checked.put(signature, valid);
    return valid;
  }

  private static boolean verifies(Signature signature) {
    try {
      signature.certificate().verify(signature.key());
      return true;
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }
}
