package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chains that are harder than the usual one. */
class CertificatePathsTest {
  private static final Certs root = new Certs("root");
  private final Instant now = Instant.now();

  private static CertificateVerdict verify(
      CertificateVerifier verifier, Instant now, List<X509Certificate> chain) throws Exception {
    return verifier.verify(Certs.der(chain.toArray(X509Certificate[]::new)), "shop.test", now);
  }

  /** Every authority signs every other one: the number of paths grows with the factorial. */
  private static List<X509Certificate> crossSigned(List<Certs> authorities) {
    var all = new ArrayList<X509Certificate>();
    for (var subject : authorities) {
      for (var issuer : authorities) {
        if (subject != issuer) {
          all.add(issuer.crossSign(subject, Certs.MONTH));
        }
      }
    }
    return all;
  }

  private static List<Certs> authorities(int count) {
    var all = new ArrayList<Certs>();
    for (int i = 0; i < count; i++) {
      all.add(new Certs("cross " + i));
    }
    return all;
  }

  private static List<X509Certificate> chain(Certs issuer, List<X509Certificate> others) {
    var chain = new ArrayList<X509Certificate>();
    chain.add(issuer.leaf(Certs.MONTH, "shop.test").leaf());
    chain.addAll(others);
    return chain;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 11, 20})
  void rejectsUntrustedCrossSignedAuthoritiesWithoutCheckingSignatures(int count) throws Exception {
    var cross = authorities(count);
    var chain = chain(cross.get(0), crossSigned(cross));

    var verdict = verify(CertificateVerifier.of(List.of(root.root())), now, chain);

    assertThat(verdict.problem()).contains(Cause.TLS_UNTRUSTED);
    assertThat(verdict.detail()).contains("no path to a trusted authority");
  }

  @Test
  void findsThePathThroughFewCrossSignedAuthorities() throws Exception {
    var cross = authorities(5);
    var others = new ArrayList<>(crossSigned(cross));
    others.add(root.crossSign(cross.get(4), Certs.MONTH));

    var verdict =
        verify(CertificateVerifier.of(List.of(root.root())), now, chain(cross.get(0), others));

    assertThat(verdict.problem()).isEmpty();
  }

  /** All certificates have the right names, and the leaf is signed by none of them. */
  @Test
  void limitsTheSignatureChecks() throws Exception {
    var others = new ArrayList<X509Certificate>();
    for (int i = 0; i < 80; i++) {
      others.add(root.crossSign(new Certs("between"), Certs.MONTH));
    }
    var verifier = CertificateVerifier.of(List.of(root.root()));

    var verdict = verify(verifier, now, chain(new Certs("between"), others));
    var fewer = verify(verifier, now, chain(new Certs("between"), others.subList(0, 60)));

    assertThat(verdict.problem()).contains(Cause.TLS_UNTRUSTED);
    assertThat(verdict.detail())
        .isEqualTo(
            "the 81 certificates that the peer presents cannot be verified: they need more than 64"
                + " signature checks");
    assertThat(fewer.detail()).contains("no path to a trusted authority");
  }

  @Test
  void usesTheValidOfTwoCrossSignedCertificates() throws Exception {
    var old = new Certs("old root");
    var between = root.under("between", Certs.MONTH);
    var expired = old.crossSign(between, Certs.PAST);
    var leaf = between.leaf(Certs.MONTH, "shop.test").leaf();
    var verifier = CertificateVerifier.of(List.of(root.root(), old.root()));

    assertThat(verify(verifier, now, List.of(leaf, expired, between.root())).problem()).isEmpty();
    assertThat(verify(verifier, now, List.of(leaf, between.root(), expired)).problem()).isEmpty();
    assertThat(verify(verifier, now, List.of(leaf, expired)).problem()).contains(Cause.TLS_EXPIRED);
  }

  @Test
  void reportsTheLastExpiryOfSeveralPaths() throws Exception {
    var other = new Certs("other root");
    var between = root.under("between", Certs.days(-1, 5));
    var longer = other.crossSign(between, Certs.days(-1, 20));
    var leaf = between.leaf(Certs.MONTH, "shop.test").leaf();
    var verifier = CertificateVerifier.of(List.of(root.root(), other.root()));

    assertThat(verify(verifier, now, List.of(leaf, between.root(), longer)).expiry())
        .isEqualTo(longer.getNotAfter().toInstant());
  }

  @Test
  void authoritiesExpire() throws Exception {
    var dying = new Certs("dying root", Certs.days(-20, 10));
    var dead = new Certs("dead root", Certs.PAST);

    var verdict =
        verify(
            CertificateVerifier.of(List.of(dying.root())),
            now,
            List.of(dying.leaf(Certs.MONTH, "shop.test").leaf()));
    assertThat(verdict.problem()).isEmpty();
    assertThat(verdict.expiry()).isEqualTo(dying.root().getNotAfter().toInstant());
    assertThat(verdict.validUntil()).isBefore(now.plusSeconds(11 * 86_400));

    var expired =
        verify(
            CertificateVerifier.of(List.of(dead.root())),
            now,
            List.of(dead.leaf(Certs.MONTH, "shop.test").leaf()));
    assertThat(expired.problem()).contains(Cause.TLS_EXPIRED);
    assertThat(expired.detail()).startsWith("CN=dead root is valid from");
  }

  @Test
  void rejectsSha1Signatures() throws Exception {
    var leaf = root.signingWith("SHA1withECDSA").leaf(Certs.MONTH, "shop.test").leaf();

    var verdict = verify(CertificateVerifier.of(List.of(root.root())), now, List.of(leaf));

    assertThat(verdict.problem()).contains(Cause.TLS_UNTRUSTED);
    assertThat(verdict.detail()).contains("is signed with SHA1withECDSA, which clients reject");
  }

  @Test
  void remarksOnShortRsaKeys() throws Exception {
    var leaf = root.withKeys(Certs.rsa(1024)).leaf(Certs.MONTH, "shop.test").leaf();

    var verdict = verify(CertificateVerifier.of(List.of(root.root())), now, List.of(leaf));

    assertThat(verdict.problem()).isEmpty();
    assertThat(verdict.description()).endsWith("weak key: RSA with 1024 bits");
  }

  /** A leaf is no authority, whatever it signs. */
  @Test
  void rejectsCertificatesIssuedByALeaf() throws Exception {
    var middle = root.leafAsIssuer("leaf that issues");
    var leaf = middle.leaf(Certs.MONTH, "shop.test").leaf();

    var verdict =
        verify(CertificateVerifier.of(List.of(root.root())), now, List.of(leaf, middle.root()));

    assertThat(verdict.problem()).contains(Cause.TLS_UNTRUSTED);
  }

  @Test
  void boundsTheTextsOfAHostileCertificate() throws Exception {
    var names = new String[4200];
    for (int i = 0; i < names.length; i++) {
      names[i] = "h%05d.a.io".formatted(i);
    }
    var stranger = new Certs("x".repeat(20_000));

    var verdict =
        verify(
            CertificateVerifier.of(List.of(root.root())),
            now,
            List.of(stranger.leaf(Certs.MONTH, names).leaf()));

    assertThat(verdict.problem()).contains(Cause.TLS_UNTRUSTED);
    assertThat(verdict.detail().length() + verdict.description().length()).isLessThan(2048);
  }
}
