package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTest {
  private static final Certs authority = new Certs("authority");
  private static final Certs stranger = new Certs("stranger");
  private final Instant now = Instant.now();
  private final Trust trust = Trust.of(List.of(authority.root()));

  @Test
  void theVerdictChangesWhenADatePasses() throws Exception {
    var leaf = authority.leaf(Certs.MONTH, "shop.test").leaf();

    assertThat(flaw(trust, now, leaf)).isEmpty();
    assertThat(flaw(trust, leaf.getNotAfter().toInstant(), leaf)).isEmpty();
    assertThat(flaw(trust, leaf.getNotAfter().toInstant().plusMillis(1), leaf))
        .contains(Cause.TLS_EXPIRED);
    assertThat(flaw(trust, leaf.getNotBefore().toInstant().minusMillis(1), leaf))
        .contains(Cause.TLS_EXPIRED);
    assertThat(flaw(trust, now, leaf)).isEmpty();
  }

  @Test
  void aCertificateThatIsTrustedItselfMayStillBeExpired() throws Exception {
    var leaf = authority.leaf(Certs.PAST, "shop.test").leaf();

    assertThat(flaw(Trust.of(List.of(leaf)), now, leaf)).contains(Cause.TLS_EXPIRED);
  }

  @Test
  void aStrangersExpiredCertificateIsUntrustedAndSaysBoth() throws Exception {
    var leaf = stranger.leaf(Certs.PAST, "shop.test").leaf();

    var judgement = trust.judge(new Certificate[] {leaf}, now);

    assertThat(judgement.flaw()).contains(Cause.TLS_UNTRUSTED);
    assertThat(judgement.detail()).contains("CN=stranger").contains("is valid from");
  }

  @Test
  void anExpiredCertificateBesideThePathHarmsNothing() throws Exception {
    var leaf = authority.leaf(Certs.MONTH, "shop.test").leaf();
    var old = stranger.leaf(Certs.PAST, "old.test").leaf();

    var judgement = trust.judge(new Certificate[] {leaf, old}, now);

    assertThat(judgement.flaw()).isEmpty();
    assertThat(judgement.end()).isEqualTo(leaf.getNotAfter().toInstant());
  }

  @Test
  void theFirstEndOfThePathCounts() throws Exception {
    var between = authority.under("between", Certs.days(-1, 20));
    var leaf = between.leaf(Certs.MONTH, "shop.test").leaf();

    var judgement = trust.judge(new Certificate[] {leaf, between.root()}, now);

    assertThat(judgement.flaw()).isEmpty();
    assertThat(judgement.end()).isEqualTo(between.root().getNotAfter().toInstant());
  }

  @Test
  void nobodyIsTrustedByNobody() throws Exception {
    assertThat(flaw(Trust.of(List.of()), now, authority.leaf(Certs.MONTH, "a.test").leaf()))
        .contains(Cause.TLS_UNTRUSTED);
  }

  @Test
  void theAuthoritiesOfTheRuntimeAreThere() throws Exception {
    assertThat(flaw(Trust.system(), now, authority.leaf(Certs.MONTH, "a.test").leaf()))
        .contains(Cause.TLS_UNTRUSTED);
  }

  @Test
  void judgingAKnownChainIsCheap() throws Exception {
    var leaf = authority.leaf(Certs.MONTH, "shop.test").leaf();
    var first = trust.judge(new Certificate[] {leaf}, now);

    assertThat(trust.judge(new Certificate[] {leaf}, now.plus(Duration.ofDays(1)))).isSameAs(first);
  }

  @Test
  void aFileWithoutCertificatesIsRefusedByName(@TempDir Path files) throws Exception {
    var empty = Files.writeString(files.resolve("ca.pem"), "");

    assertThatThrownBy(() -> Trust.of(empty))
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
  void namesMatchAsRfc9525Says(String presented, String wanted, boolean matches) {
    var chain = Chain.of(List.of(authority.leaf(Certs.MONTH, presented).leaf()));

    assertThat(chain.isFor(wanted)).isEqualTo(matches);
  }

  @Test
  void theCommonNameDoesNotCount() {
    var chain = Chain.of(List.of(authority.leaf(Certs.MONTH).leaf()));

    assertThat(chain.isFor("leaf of the tests")).isFalse();
    assertThat(chain.names()).isEqualTo("no name");
  }

  private static Optional<Cause> flaw(Trust trust, Instant now, X509Certificate leaf)
      throws Exception {
    return trust.judge(new Certificate[] {leaf}, now).flaw();
  }
}
