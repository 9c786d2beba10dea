package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SecretFileTest {
  private static final Path ENDLESS = Path.of("/dev/zero");

  @TempDir Path directory;

  @Test
  void readsUpToTheLimit() throws Exception {
    var file = Files.write(directory.resolve("body"), new byte[2_048]);

    assertThat(SecretFile.bytes(file, 2_048)).hasSize(2_048);
    assertThatThrownBy(() -> SecretFile.bytes(file, 2_047))
        .isInstanceOf(LocalFailure.class)
        .hasMessage("the file " + file + " cannot be read: it is larger than 1 KiB");
  }

  static Stream<Arguments> readers() throws Exception {
    var certificate = new Certs("authority").root();
    var file = Files.createTempFile("certificate", ".pem");
    file.toFile().deleteOnExit();
    Certs.write(file, certificate);
    return Stream.of(
        reader("the file", () -> SecretFile.text(ENDLESS)),
        reader("the file", () -> SecretFile.header(ENDLESS)),
        reader("ca_file", () -> CertificateVerifier.of(ENDLESS)),
        reader("cert_file", () -> ClientCertificate.read(ENDLESS, ENDLESS)),
        reader("key_file", () -> ClientCertificate.read(file, ENDLESS)));
  }

  private static Arguments reader(String name, ThrowingCallable read) {
    return arguments(name, read);
  }

  @ParameterizedTest
  @MethodSource("readers")
  void rejectsEndlessFiles(String name, ThrowingCallable read) {
    assertThatThrownBy(read)
        .isInstanceOf(LocalFailure.class)
        .hasMessageStartingWith(name + " /dev/zero cannot be read: it is larger than ");
  }
}
