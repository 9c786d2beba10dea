package io.eksnet.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WebTlsTest {
  private static final TestCertificates CERTIFICATES = TestCertificates.of("shop.lab.test");

  private static LabWebServer server;

  @BeforeAll
  static void start() {
    server = LabWebServer.https(CERTIFICATES);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void heal() {
    server.fault(WebFault.NONE);
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_1, HTTP/1.1,", "HTTP_2, HTTP/2, h2"})
  void healthyServiceSpeaksBothVersions(HttpClient.Version version, String name, String alpn)
      throws Exception {
    var client = HttpClient.newBuilder().version(version).sslContext(trusting()).build();

    var seen = new JsonObject(get(client, "/echo"));

    assertThat(seen.getString("version")).isEqualTo(name);
    assertThat(seen.getJsonObject("tls").getString("alpn")).isEqualTo(alpn);
    assertThat(seen.getJsonObject("tls").getString("protocol")).isEqualTo("TLSv1.3");
    assertThat(seen.getJsonObject("headers").getString("host"))
        .isEqualTo("127.0.0.1:" + server.port());
  }

  @ParameterizedTest
  @EnumSource(
      value = WebFault.class,
      names = {"RESET", "CLOSE", "GARBAGE", "TRUNCATED", "RESET_BODY"})
  void brokenServiceBreaksHttp2Too(WebFault fault) throws Exception {
    server.fault(fault);
    var client = HttpClient.newBuilder().sslContext(trusting()).build();

    assertThatThrownBy(() -> get(client, "/ok")).isInstanceOf(IOException.class);
  }

  @Test
  void largeBodyComesWholeOverHttp2() throws Exception {
    var client = HttpClient.newBuilder().sslContext(trusting()).build();

    assertThat(get(client, "/large/3000000")).hasSize(3_000_000);
  }

  @Test
  void echoShowsTheNameOfTheHandshake() throws Exception {
    try (var socket = shake(trusting(), "shop.lab.test")) {
      var request = "GET /echo HTTP/1.1\r\nHost: other.lab.test\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      var answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      var seen = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
      assertThat(seen.getJsonObject("tls").getString("alpn")).isEqualTo("http/1.1");
      assertThat(seen.getJsonObject("tls").getString("sni")).isEqualTo("shop.lab.test");
      assertThat(seen.getJsonObject("headers").getString("host")).isEqualTo("other.lab.test");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLS_UNTRUSTED, unable to find valid certification path",
    "TLS_SELF_SIGNED, unable to find valid certification path",
    "TLS_MISSING_INTERMEDIATE, unable to find valid certification path",
    "TLS_WRONG_NAME, No subject alternative DNS name matching shop.lab.test",
  })
  void badCertificateIsRefusedForItsReason(WebFault fault, String reason) {
    server.fault(fault);

    assertThatThrownBy(() -> shake(trusting(), "shop.lab.test").close())
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void certificateOutOfItsTimeIsRefused() {
    server.fault(WebFault.TLS_EXPIRED);
    assertThatThrownBy(() -> shake(trusting(), "shop.lab.test").close())
        .rootCause()
        .isInstanceOf(CertificateExpiredException.class);

    server.fault(WebFault.TLS_NOT_YET_VALID);
    assertThatThrownBy(() -> shake(trusting(), "shop.lab.test").close())
        .rootCause()
        .isInstanceOf(CertificateNotYetValidException.class);
  }

  @Test
  void clientCertificateIsDemandedAndSeen() throws Exception {
    server.fault(WebFault.TLS_CLIENT_CERTIFICATE);

    assertThatThrownBy(() -> get(client(trusting()), "/ok")).isInstanceOf(IOException.class);
    var seen = new JsonObject(get(client(presenting(CERTIFICATES.client())), "/echo"));
    assertThat(seen.getJsonObject("tls").getString("client")).isEqualTo("CN=client.lab.test");
  }

  @Test
  void oldTlsOnlyIsTls12() throws Exception {
    server.fault(WebFault.TLS_1_2_ONLY);

    var seen = new JsonObject(get(client(trusting()), "/echo"));

    assertThat(seen.getJsonObject("tls").getString("protocol")).isEqualTo("TLSv1.2");
  }

  @Test
  void garbageIsNoHandshake() {
    server.fault(WebFault.TLS_GARBAGE);

    assertThatThrownBy(() -> shake(trusting(), "shop.lab.test").close())
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("Unsupported or unrecognized SSL message");
  }

  @Test
  void stallNeverAnswersTheHello() {
    server.fault(WebFault.TLS_STALL);

    assertThatThrownBy(() -> shake(trusting(), "shop.lab.test").close())
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void resetBreaksOffAtTheHello() {
    server.fault(WebFault.TLS_RESET);

    assertThatThrownBy(() -> shake(trusting(), "shop.lab.test").close())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void healedServiceIsTrustedAgain() throws Exception {
    server.fault(WebFault.TLS_EXPIRED);
    server.fault(WebFault.NONE);

    try (var socket = shake(trusting(), "shop.lab.test")) {
      assertThat(socket.getSession().getPeerCertificates()).hasSize(2);
    }
  }

  private static SSLSocket shake(SSLContext context, String name) throws IOException {
    var plain = new Socket();
    plain.connect(server.address(), 2000);
    plain.setSoTimeout(1000);
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, name, server.port(), true);
    try {
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      parameters.setServerNames(List.of(new SNIHostName(name)));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build();
  }

  private static String get(HttpClient client, String path) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(server.url(path))).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private static SSLContext trusting() throws Exception {
    return context(new KeyManager[0]);
  }

  private static SSLContext presenting(TestCertificates.Identity identity) throws Exception {
    var store = emptyStore();
    store.setKeyEntry(
        "client", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    return context(keys.getKeyManagers());
  }

  private static SSLContext context(KeyManager[] keys) throws Exception {
    var store = emptyStore();
    store.setCertificateEntry("root", CERTIFICATES.authority());
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(keys, trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore emptyStore() throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
