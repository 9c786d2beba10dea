package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivateKeysTest {
  private static KeyPair keys(String algorithm, String parameter) throws Exception {
    var generator = KeyPairGenerator.getInstance(algorithm);
    AlgorithmParameterSpec spec =
        switch (algorithm) {
          case "RSA" ->
              new RSAKeyGenParameterSpec(Integer.parseInt(parameter), RSAKeyGenParameterSpec.F4);
          case "EC" -> new ECGenParameterSpec(parameter);
          default -> new NamedParameterSpec(parameter);
        };
    generator.initialize(spec);
    return generator.generateKeyPair();
  }

  private static String pem(PemObjectGenerator... objects) throws Exception {
    var text = new StringWriter();
    try (var writer = new PemWriter(text)) {
      for (var object : objects) {
        writer.writeObject(object);
      }
    }
    return text.toString();
  }

  /** With its curve, as openssl and Go write it. */
  private static PemObjectGenerator sec1(ECPrivateKey key, String curve) throws Exception {
    var structure =
        new org.bouncycastle.asn1.sec.ECPrivateKey(
            key.getParams().getOrder().bitLength(), key.getS(), ECNamedCurveTable.getOID(curve));
    return new PemObject("EC PRIVATE KEY", structure.getEncoded());
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, RSA PRIVATE KEY",
    "RSA, 4096, RSA PRIVATE KEY",
    "EC, secp256r1, EC PRIVATE KEY",
    "EC, secp384r1, EC PRIVATE KEY",
    "EC, secp521r1, EC PRIVATE KEY",
  })
  void readsTraditionalKeys(String algorithm, String parameter, String header) throws Exception {
    var keys = keys(algorithm, parameter);
    var pem =
        keys.getPrivate() instanceof ECPrivateKey ec
            ? pem(sec1(ec, parameter))
            : pem(new JcaMiscPEMGenerator(keys.getPrivate()));

    assertThat(pem).contains("BEGIN " + header);
    assertThat(PrivateKeys.belongTogether(PrivateKeys.parse(pem), keys.getPublic())).isTrue();
    assertThat(PrivateKeys.parse("some text\r\n" + pem.replace("\n", "\r\n"))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048",
    "EC, secp256r1",
    "EC, secp521r1",
    "Ed25519, Ed25519",
    "Ed448, Ed448",
  })
  void readsPkcs8KeysOfAllAlgorithms(String algorithm, String parameter) throws Exception {
    var keys = keys(algorithm, parameter);
    var key = PrivateKeys.parse(pem(new JcaPKCS8Generator(keys.getPrivate(), null)));

    assertThat(PrivateKeys.belongTogether(key, keys.getPublic())).isTrue();
    assertThat(PrivateKeys.belongTogether(key, keys(algorithm, parameter).getPublic())).isFalse();
    assertThat(PrivateKeys.belongTogether(key, keys("RSA", "2048").getPublic())).isFalse();
    assertThat(PrivateKeys.belongTogether(key, keys("EC", "secp256r1").getPublic())).isFalse();
  }

  @Test
  void explainsKeysThatCannotBeRead() throws Exception {
    var encrypted =
        """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-256-CBC,9A5B2F6D

        MAA=
        -----END RSA PRIVATE KEY-----
        """;

    assertThatThrownBy(() -> PrivateKeys.parse(encrypted))
        .hasMessageContaining("encrypted key; decrypt it with openssl pkey");
    assertThatThrownBy(
            () ->
                PrivateKeys.parse(
                    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE"
                        + " KEY-----"))
        .hasMessageContaining("encrypted key");
    assertThatThrownBy(() -> PrivateKeys.parse("")).hasMessage("holds no PEM private key");
    for (var broken : new String[] {"MAA=", "", "MIIB", "MAMCAQA=", "%%%"}) {
      for (var type : new String[] {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}) {
        assertThatThrownBy(
                () ->
                    PrivateKeys.parse(
                        "-----BEGIN " + type + "-----\n" + broken + "\n-----END " + type + "-----"))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void namesTheFilesOfAKeyForAnotherCertificate(@TempDir Path files) throws Exception {
    var authority = new Certs("authority");
    var one = authority.leaf(Certs.MONTH, "one.test");
    var other = authority.leaf(Certs.MONTH, "other.test");
    var cert = Certs.write(files.resolve("one.pem"), one.leaf());
    var key = Certs.write(files.resolve("other.key"), other.key());
    var both = Certs.write(files.resolve("both.pem"), one.key(), one.leaf());

    assertThat(ClientCertificate.problem(cert, key).orElseThrow())
        .contains("key_file " + key, "is not the key of", "cert_file " + cert);
    assertThat(ClientCertificate.problem(both, both)).isEmpty();
    assertThat(ClientCertificate.problem(cert, files.resolve("missing"))).isEmpty();
    assertThat(ClientCertificate.problem(Files.writeString(files.resolve("e"), ""), key))
        .hasValueSatisfying(problem -> assertThat(problem).contains("holds no PEM certificate"));
  }
}
