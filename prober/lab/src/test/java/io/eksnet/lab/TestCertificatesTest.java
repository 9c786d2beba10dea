package io.eksnet.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCertificatesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final TestCertificates certificates = TestCertificates.at(NOW, "shop.lab.test");

  @Test
  void goodLeafIsForTheNameAndThisMachine() throws Exception {
    assertThat(certificates.good().leaf().getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactly("shop.lab.test", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
  }

  @Test
  void lifeEndsWhenAskedTo() {
    assertThat(certificates.good().leaf().getNotAfter())
        .isEqualTo(Date.from(Instant.parse("2026-12-21T12:00:00Z")));
    assertThat(certificates.goodFor(Duration.ofHours(2)).leaf().getNotAfter())
        .isEqualTo(Date.from(Instant.parse("2026-11-21T14:00:00Z")));
    assertThat(certificates.expired().leaf().getNotAfter())
        .isEqualTo(Date.from(Instant.parse("2026-11-20T12:00:00Z")));
    assertThat(certificates.notYetValid().leaf().getNotBefore())
        .isEqualTo(Date.from(Instant.parse("2026-11-22T12:00:00Z")));
  }

  @Test
  void chainLeadsToTheRoot() throws Exception {
    var chain = certificates.good().chain();

    chain.get(0).verify(chain.get(1).getPublicKey());
    chain.get(1).verify(certificates.authority().getPublicKey());
    assertThat(certificates.missingIntermediate().chain()).hasSize(1);
  }

  @Test
  void filesHoldWhatOtherProgramsRead(@TempDir Path directory) throws Exception {
    certificates.write(directory);
    certificates.write(directory);

    var factory = CertificateFactory.getInstance("X.509");
    try (var ca = Files.newInputStream(directory.resolve("ca.pem"));
        var client = Files.newInputStream(directory.resolve("client.pem"))) {
      assertThat(factory.generateCertificates(ca)).hasSize(1);
      assertThat(factory.generateCertificates(client)).hasSize(2);
    }
    var key = directory.resolve("client.key");
    assertThat(Files.readString(key)).startsWith("-----BEGIN PRIVATE KEY-----");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
  }
}
