package io.eksnet.probe.tls;

import static io.eksnet.probe.net.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.probe.http.HttpKind;
import io.eksnet.probe.http.HttpSettings;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.YamlSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers and keys of OpenSSL, which is not the TLS of this program. */
@Timeout(120)
class OpensslServerTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Bench bench = Bench.with(Map.of());
  @TempDir private static Path files;

  @BeforeAll
  static void createCertificates() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
    Files.writeString(files.resolve("leaf.ext"), "subjectAltName=IP:127.0.0.1\n");
    for (var ca : List.of("ca", "other")) {
      openssl(
          "req -x509 -newkey rsa:2048 -nodes -keyout %1$s.key -subj /CN=%1$s -days 90 -out %1$s.pem"
              .formatted(ca));
    }
    leaf("rsa", "ca", "-newkey rsa:2048");
    leaf("rsa4096", "ca", "-newkey rsa:4096");
    leaf("pss", "ca", "-newkey rsa-pss -pkeyopt rsa_keygen_bits:2048");
    leaf("p256", "ca", "-newkey ec -pkeyopt ec_paramgen_curve:P-256");
    leaf("p384", "ca", "-newkey ec -pkeyopt ec_paramgen_curve:P-384");
    leaf("p521", "ca", "-newkey ec -pkeyopt ec_paramgen_curve:P-521");
    leaf("ed25519", "ca", "-newkey ed25519");
    leaf("ed448", "ca", "-newkey ed448");
    leaf("stranger", "other", "-newkey rsa:2048");
    openssl("rsa -in rsa.key -traditional -out rsa.pkcs1.key");
    openssl("ec -in p256.key -out p256.sec1.key");
    openssl("ec -in p521.key -out p521.sec1.key");
    Files.copy(files.resolve("rsa.key"), files.resolve("rsa.pkcs8.key"));
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout self.key -subj /CN=appliance -days 20"
            + " -addext subjectAltName=IP:127.0.0.1 -out self.pem");
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  private static void leaf(String name, String ca, String key) throws Exception {
    openssl(
        "req -new %2$s -nodes -keyout %1$s.key -subj /CN=%1$s -out %1$s.csr".formatted(name, key));
    openssl(
        ("x509 -req -in %1$s.csr -CA %2$s.pem -CAkey %2$s.key -CAcreateserial -days 60"
                + " -extfile leaf.ext -out %1$s.pem")
            .formatted(name, ca));
  }

  private static void openssl(String command) throws Exception {
    var process = start(command);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(command).isZero();
  }

  private static Process start(String command) throws IOException {
    var words = new ArrayList<>(List.of("openssl"));
    words.addAll(List.of(command.split(" ")));
    return new ProcessBuilder(words)
        .directory(files.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** {@code openssl s_server} until it is closed. */
  private record Server(Process process, int port) implements AutoCloseable {
    static Server start(String options) throws Exception {
      int port;
      try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      var process =
          OpensslServerTest.start("s_server -accept 127.0.0.1:" + port + " -www -quiet " + options);
      while (process.isAlive()) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          return new Server(process, socket.getPort());
        } catch (IOException e) {
          Thread.sleep(20);
        }
      }
      throw new IOException("openssl s_server " + options + " does not start");
    }

    @Override
    public void close() {
      process.destroy();
    }
  }

  private static Outcome tls(Server server, String yaml) {
    var settings = YamlSettings.of(TlsProbeSettings.class, yaml.replace("DIR", files.toString()));
    var target = new Target("t", "127.0.0.1", server.port(), "", true);
    return await(new TlsKind().create(settings, bench.network()).run(target, TIMEOUT));
  }

  private static Outcome http(Server server, String tls) {
    var settings =
        YamlSettings.of(HttpSettings.class, "tls: " + tls.replace("DIR", files.toString()));
    var target = new Target("t", "127.0.0.1", server.port(), "/", true);
    return await(new HttpKind().create(settings, bench.network()).run(target, TIMEOUT));
  }

  private static String withClient(String cert, String key) {
    return "{ca_file: DIR/ca.pem, cert_file: DIR/%s.pem, key_file: DIR/%s.key}"
        .formatted(cert, key);
  }

  @ParameterizedTest
  @CsvSource({
    "rsa, ''",
    "rsa4096, ''",
    "pss, ''",
    "p256, ''",
    "p384, ''",
    "p521, ''",
    "ed25519, ''",
    "ed448, ''",
    "ed25519, -tls1_2",
    "p521, -tls1_2",
    "rsa, -tls1_2",
    "rsa, -groups P-521",
    "rsa, -groups P-384",
    "rsa, -groups X25519",
    "rsa, -tls1_2 -cipher AES128-SHA",
    "rsa, -tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305",
    "p256, -tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384",
  })
  void acceptsEveryKeyAndGroup(String key, String options) throws Exception {
    try (var server = Server.start("-cert %1$s.pem -key %1$s.key %2$s".formatted(key, options))) {
      for (int i = 0; i < 2; i++) {
        var outcome = tls(server, "ca_file: DIR/ca.pem");

        assertThat(outcome.label()).as(String.valueOf(outcome)).isEqualTo("success");
        assertThat(outcome.notes(Note.CertificateExpiry.class)).hasSize(1);
      }
      var outcome = http(server, "{ca_file: DIR/ca.pem}");
      assertThat(outcome.label()).as(String.valueOf(outcome)).isEqualTo("success");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-tls1_2, rsa, rsa.pkcs1",
    "-tls1_3, rsa, rsa.pkcs1",
    "-tls1_2, rsa, rsa.pkcs8",
    "-tls1_3, p256, p256.sec1",
    "-tls1_2, p256, p256.sec1",
    "-tls1_3, p521, p521.sec1",
    "-tls1_2, p521, p521.sec1",
    "-tls1_3, ed25519, ed25519",
  })
  void presentsClientCertificates(String version, String cert, String key) throws Exception {
    try (var server = Server.start(demanding("-Verify 1 -verify_return_error") + version)) {
      assertThat(tls(server, withClient(cert, key)).label()).isEqualTo("success");
      assertThat(http(server, withClient(cert, key)).label()).isEqualTo("success");
    }
  }

  private static String demanding(String verify) {
    return "-cert rsa.pem -key rsa.key -CAfile ca.pem " + verify + " ";
  }

  @ParameterizedTest
  @CsvSource({"-tls1_2", "-tls1_3", "''"})
  void reportsDemandedClientCertificates(String version) throws Exception {
    try (var server = Server.start(demanding("-Verify 1 -verify_return_error") + version)) {
      var outcomes =
          List.of(tls(server, "ca_file: DIR/ca.pem"), http(server, "{ca_file: DIR/ca.pem}"));

      assertThat(outcomes)
          .allSatisfy(
              outcome -> {
                assertThat(outcome.label())
                    .as(String.valueOf(outcome))
                    .isEqualTo("tls_client_certificate");
                assertThat(Bench.failure(outcome).detail())
                    .startsWith("the server requires a client certificate");
                assertThat(outcome.notes(Note.CertificateExpiry.class)).hasSize(1);
              });
    }
  }

  @ParameterizedTest
  @CsvSource({"-tls1_2", "-tls1_3"})
  void reportsRejectedClientCertificates(String version) throws Exception {
    try (var server = Server.start(demanding("-Verify 1 -verify_return_error") + version)) {
      for (var outcome :
          List.of(
              tls(server, withClient("stranger", "stranger")),
              http(server, withClient("stranger", "stranger")))) {
        assertThat(outcome.label()).as(String.valueOf(outcome)).isEqualTo("tls_client_certificate");
        assertThat(Bench.failure(outcome).detail())
            .startsWith("the server rejects the client certificate CN=stranger");
        assertThat(outcome.notes(Note.CertificateExpiry.class)).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"-tls1_2", "-tls1_3"})
  void succeedsWithoutAnOptionalClientCertificate(String version) throws Exception {
    try (var server = Server.start(demanding("-verify 1") + version)) {
      assertThat(tls(server, "ca_file: DIR/ca.pem").label()).isEqualTo("success");
      assertThat(http(server, "{ca_file: DIR/ca.pem}").label()).isEqualTo("success");
    }
  }

  @ParameterizedTest
  @CsvSource({
    // server, settings, outcome
    "-tls1, {}, tls_handshake",
    "-tls1, {min_version: tls1_0}, success",
    "-tls1_1, {min_version: tls1_0}, success",
    "-tls1_1, '{min_version: tls1_1, max_version: tls1_1}', success",
    "-tls1_1, '{min_version: tls1_0, max_version: tls1_0}', tls_handshake",
    "-tls1, '{min_version: tls1_0, max_version: tls1_1, expect_refused: true}', wrong_answer",
    "-tls1_2, '{min_version: tls1_0, max_version: tls1_1, expect_refused: true}', success",
    "-tls1_3, '{max_version: tls1_2, expect_refused: true}', success",
    "-tls1_3, '{max_version: tls1_2}', tls_handshake",
    "-tls1_2, '{max_version: tls1_2}', success",
  })
  void negotiatesVersions(String version, String yaml, String label) throws Exception {
    var options = "-cert self.pem -key self.key -cipher DEFAULT:@SECLEVEL=0 " + version;
    try (var server = Server.start(options)) {
      var outcome =
          tls(
              server,
              yaml.replace("}", (yaml.equals("{}") ? "" : ", ") + "ca_file: DIR/self.pem}"));

      assertThat(outcome.label()).as(String.valueOf(outcome)).isEqualTo(label);
    }
  }

  @Test
  void watchesTheExpiryOfSelfSignedCertificates() throws Exception {
    try (var server = Server.start("-cert self.pem -key self.key")) {
      assertThat(tls(server, "{}").label()).isEqualTo("tls_untrusted");
      var outcome = tls(server, "insecure_skip_verify: true");
      assertThat(outcome.label()).isEqualTo("success");
      assertThat(outcome.notes(Note.CertificateExpiry.class)).hasSize(1);
      assertThat(tls(server, "{insecure_skip_verify: true, min_valid_for: 480h}").label())
          .isEqualTo("tls_expired");
    }
  }
}
