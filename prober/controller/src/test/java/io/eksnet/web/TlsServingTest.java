package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsServingTest {
  @TempDir static Path made;
  private static Pem first;
  private static Pem second;
  private static Pem client;
  private static Pem stranger;

  @TempDir Path secrets;

  @BeforeAll
  static void make() throws Exception {
    first = Pem.make(made, "first");
    second = Pem.make(made, "second");
    client = Pem.make(made, "client");
    stranger = Pem.make(made, "stranger");
  }

  @BeforeEach
  void mount() throws Exception {
    mount("v1", first, first);
    Files.createSymbolicLink(secrets.resolve("data"), Path.of("v1"));
    Files.writeString(secrets.resolve("ca.pem"), client.certificate());
  }

  @ParameterizedTest
  @CsvSource({"true,HTTP_2", "false,HTTP_1_1"})
  void servesTlsWithTheConfiguredHttpVersion(boolean http2, String version) throws Exception {
    var config =
        new WebConfig(
            Optional.of(tls("NoClientCert", "TLS12")), Map.of(), new HttpServing(http2, Map.of()));
    try (var endpoints = new Endpoints(config, true, client(null))) {
      var answer = endpoints.get("/-/healthy");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version().name()).isEqualTo(version);
    }
  }

  @Test
  void newConnectionsGetTheRotatedCertificateAndOldOnesStay() throws Exception {
    try (var endpoints = serving("NoClientCert", null)) {
      var old = connect(endpoints);
      assertThat(served(old)).isEqualTo(first.subject());
      assertThat(Endpoints.await(endpoints.server().reloadCertificates())).isFalse();

      mount("v2", second, second);
      swapTo("v2");

      assertThat(Endpoints.await(endpoints.server().reloadCertificates())).isTrue();
      try (var fresh = connect(endpoints)) {
        assertThat(served(fresh)).isEqualTo(second.subject());
      }
      old.getOutputStream()
          .write("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(old.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 200");
      old.close();
      assertThat(endpoints.get("/-/healthy").version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  @Test
  void keepsCurrentCertificateIfFilesAreInvalid() throws Exception {
    try (var endpoints = serving("NoClientCert", null)) {
      mount("half", second, first);
      swapTo("half");
      assertThat(Endpoints.await(endpoints.server().reloadCertificates())).isFalse();
      Files.writeString(secrets.resolve("half/tls.crt"), "no certificate");
      assertThat(Endpoints.await(endpoints.server().reloadCertificates())).isFalse();
      Files.delete(secrets.resolve("half/tls.key"));
      assertThat(Endpoints.await(endpoints.server().reloadCertificates())).isFalse();

      try (var socket = connect(endpoints)) {
        assertThat(served(socket)).isEqualTo(first.subject());
      }
      mount("v2", second, second);
      swapTo("v2");
      assertThat(Endpoints.await(endpoints.server().reloadCertificates())).isTrue();
    }
  }

  @Test
  void doesNotStartWithInvalidFiles() throws Exception {
    mount("half", second, first);
    swapTo("half");
    assertThatThrownBy(() -> serving("NoClientCert", null).close())
        .hasMessageContaining("is not that of the certificate in");

    Files.delete(secrets.resolve("half/tls.key"));
    assertThatThrownBy(() -> serving("NoClientCert", null).close())
        .hasMessageContaining("key_file " + secrets.resolve("data/tls.key") + " cannot be read");
  }

  @ParameterizedTest
  @CsvSource({
    "RequestClientCert,nobody,true",
    "RequestClientCert,stranger,true",
    "RequireAnyClientCert,nobody,false",
    "RequireAnyClientCert,stranger,true",
    "VerifyClientCertIfGiven,nobody,true",
    "VerifyClientCertIfGiven,stranger,false",
    "VerifyClientCertIfGiven,client,true",
    "RequireAndVerifyClientCert,nobody,false",
    "RequireAndVerifyClientCert,stranger,false",
    "RequireAndVerifyClientCert,client,true"
  })
  void verifiesClientsAsConfigured(String type, String who, boolean welcome) throws Exception {
    var self =
        switch (who) {
          case "client" -> client;
          case "stranger" -> stranger;
          default -> null;
        };
    try (var endpoints = serving(type, self)) {
      if (welcome) {
        assertThat(endpoints.get("/-/healthy").statusCode()).isEqualTo(200);
      } else {
        assertThatThrownBy(() -> endpoints.get("/-/healthy"))
            .hasRootCauseInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void rejectsOlderTlsVersions() throws Exception {
    var config =
        new WebConfig(
            Optional.of(tls("NoClientCert", "TLS13")), Map.of(), new HttpServing(true, Map.of()));
    try (var endpoints = new Endpoints(config, true, client(null));
        var socket = (SSLSocket) socket(endpoints)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThatThrownBy(socket::startHandshake).hasMessageContaining("protocol_version");
    }
  }

  @Test
  void verificationOfClientsNeedsAuthorities() {
    assertThatThrownBy(
            () ->
                new TlsServer(
                    secrets,
                    secrets,
                    "RequireAndVerifyClientCert",
                    Optional.empty(),
                    "TLS12",
                    "TLS13",
                    List.of()))
        .hasMessage("client_auth_type: RequireAndVerifyClientCert needs client_ca_file");
  }

  private Endpoints serving(String type, @Nullable Pem self) throws Exception {
    return new Endpoints(
        new WebConfig(Optional.of(tls(type, "TLS12")), Map.of(), new HttpServing(true, Map.of())),
        true,
        client(self));
  }

  private TlsServer tls(String type, String minVersion) {
    return new TlsServer(
        secrets.resolve("data/tls.crt"),
        secrets.resolve("data/tls.key"),
        type,
        type.contains("Verify") ? Optional.of(secrets.resolve("ca.pem")) : Optional.empty(),
        minVersion,
        "TLS13",
        List.of());
  }

  private void mount(String version, Pem certificate, Pem key) throws Exception {
    var dir = Files.createDirectories(secrets.resolve(version));
    Files.writeString(dir.resolve("tls.crt"), certificate.certificate());
    Files.writeString(dir.resolve("tls.key"), key.key());
  }

  /** As the kubelet does: a new link is renamed over the old one. */
  private void swapTo(String version) throws Exception {
    var link = Files.createSymbolicLink(secrets.resolve("data_tmp"), Path.of(version));
    Files.move(link, secrets.resolve("data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static HttpClient client(@Nullable Pem self) throws Exception {
    return HttpClient.newBuilder().sslContext(Pem.context(self, first, second)).build();
  }

  private static SSLSocket connect(Endpoints endpoints) throws Exception {
    var socket = (SSLSocket) socket(endpoints);
    socket.startHandshake();
    return socket;
  }

  private static Socket socket(Endpoints endpoints) throws Exception {
    return Pem.context(null, first, second)
        .getSocketFactory()
        .createSocket("127.0.0.1", endpoints.uri("/").getPort());
  }

  private static String served(SSLSocket socket) throws Exception {
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
        .getSubjectX500Principal()
        .getName();
  }
}
