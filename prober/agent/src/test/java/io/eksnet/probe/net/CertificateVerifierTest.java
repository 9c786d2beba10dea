package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateVerifierTest {
  private static final Certs authority = new Certs("authority");
  private static final Certs stranger = new Certs("stranger");
  private final Instant now = Instant.now();
  private final CertificateVerifier verifier = CertificateVerifier.of(List.of(authority.root()));

  @Test
  void reverifiesWhenADatePasses() throws Exception {
    var leaf = authority.leaf(Certs.MONTH, "shop.test").leaf();

    assertThat(problem(verifier, now, leaf)).isEmpty();
    assertThat(problem(verifier, leaf.getNotAfter().toInstant(), leaf)).isEmpty();
    assertThat(problem(verifier, leaf.getNotAfter().toInstant().plusMillis(1), leaf))
        .contains(Cause.TLS_EXPIRED);
    assertThat(problem(verifier, leaf.getNotBefore().toInstant().minusMillis(1), leaf))
        .contains(Cause.TLS_EXPIRED);
    assertThat(problem(verifier, now, leaf)).isEmpty();
  }

  @Test
  void reportsAnExpiredCertificateThatIsTrustedItself() throws Exception {
    var leaf = authority.leaf(Certs.PAST, "shop.test").leaf();

    assertThat(problem(CertificateVerifier.of(List.of(leaf)), now, leaf))
        .contains(Cause.TLS_EXPIRED);
  }

  @Test
  void reportsAnUntrustedExpiredCertificateAsUntrustedWithItsDates() throws Exception {
    var leaf = stranger.leaf(Certs.PAST, "shop.test").leaf();

    var result = verify(verifier, now, leaf);

    assertThat(result.problem()).contains(Cause.TLS_UNTRUSTED);
    assertThat(result.detail()).contains("CN=stranger").contains("is valid from");
  }

  @Test
  void ignoresAnExpiredCertificateBesideThePath() throws Exception {
    var leaf = authority.leaf(Certs.MONTH, "shop.test").leaf();
    var old = stranger.leaf(Certs.PAST, "old.test").leaf();

    var result = verify(verifier, now, leaf, old);

    assertThat(result.problem()).isEmpty();
    assertThat(result.expiry()).isEqualTo(leaf.getNotAfter().toInstant());
  }

  @Test
  void reportsTheFirstExpiryOfThePath() throws Exception {
    var between = authority.under("between", Certs.days(-1, 20));
    var leaf = between.leaf(Certs.MONTH, "shop.test").leaf();

    var result = verify(verifier, now, leaf, between.root());

    assertThat(result.problem()).isEmpty();
    assertThat(result.expiry()).isEqualTo(between.root().getNotAfter().toInstant());
  }

  @Test
  void trustsNothingWithoutAuthorities() throws Exception {
    assertThat(
            problem(
                CertificateVerifier.of(List.of()),
                now,
                authority.leaf(Certs.MONTH, "a.test").leaf()))
        .contains(Cause.TLS_UNTRUSTED);
  }

  @Test
  void loadsTheAuthoritiesOfTheRuntime() throws Exception {
    assertThat(
            problem(
                CertificateVerifier.system(), now, authority.leaf(Certs.MONTH, "a.test").leaf()))
        .contains(Cause.TLS_UNTRUSTED);
  }

  @Test
  void rejectsAFileWithoutCertificatesByName(@TempDir Path files) throws Exception {
    var empty = Files.writeString(files.resolve("ca.pem"), "");

    assertThatThrownBy(() -> CertificateVerifier.of(empty))
        .isInstanceOf(LocalFailure.class)
        .hasMessageContaining("ca.pem holds no certificates");
  }

  @ParameterizedTest
  @CsvSource({
    "shop.test, shop.test, true",
    "shop.test, SHOP.test, true",
    "Shop.Test, shop.test, true",
    "shop.test, a.shop.test, false",
    "*.shop.test, a.shop.test, true",
    "*.shop.test, shop.test, false",
    "*.shop.test, a.b.shop.test, false",
    "*.shop.test, .shop.test, false",
    "a*.shop.test, ab.shop.test, false",
    "*, localhost, false",
    "10.0.0.1, 10.0.0.1, true",
    "10.0.0.1, 10.0.0.2, false",
    "fd00::1, fd00:0::1, true"
  })
  void matchesNamesAsInRfc9525(String presented, String wanted, boolean matches) {
    var chain = PeerCertificates.of(List.of(authority.leaf(Certs.MONTH, presented).leaf()));

    assertThat(chain.matches(wanted)).isEqualTo(matches);
  }

  @Test
  void ignoresTheCommonName() {
    var chain = PeerCertificates.of(List.of(authority.leaf(Certs.MONTH).leaf()));

    assertThat(chain.matches("leaf of the tests")).isFalse();
    assertThat(chain.describeNames()).isEqualTo("no name");
  }

  private static Optional<Cause> problem(
      CertificateVerifier verifier, Instant now, X509Certificate... chain) throws Exception {
    return verify(verifier, now, chain).problem();
  }

  private static CertificateVerdict verify(
      CertificateVerifier verifier, Instant now, X509Certificate... chain) throws Exception {
    return verifier.verify(Certs.der(chain), "shop.test", now);
  }
}
