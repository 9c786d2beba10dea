package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.sun.net.httpserver.HttpServer;
import io.eksnet.lab.TcpServer;
import io.eksnet.lab.TestCertificates;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ProcessTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  @TempDir Path directory;

  @Test
  void aSighupReloadsAndASigtermDrainsAndExits143() throws Exception {
    try (var server = TcpServer.start("")) {
      var address = ChildProgram.freeAddress();
      var config = config(probe("one", port(server)));
      try (var child = standalone(address, config)) {
        child.await(HTTP, uri(address, "/-/ready"));

        config(probe("one", port(server)), probe("two", port(server)));
        child.signal("HUP");
        Await.until(
            "two tasks",
            TIMEOUT,
            () -> page(address).sum("eksnet_tasks", Map.of("kind", "tcp")),
            tasks -> tasks == 2);

        child.signal("TERM");
        assertThat(child.exit()).isEqualTo(143);
        assertThat(child.stderr()).contains("config loaded").contains("stopping");
      }
    }
  }

  @Test
  void aBadConfigExitsOneWithAllProblemsAndTheirPlaces() throws Exception {
    var config = write("eksnet.yaml", "clutser: demo\nprobes:\n  - {name: a, kind: tpc}\n");
    for (var check : List.of(List.of("--config.check"), List.<String>of())) {
      var arguments = new ArrayList<>(List.of("standalone", "--config.file=" + config));
      arguments.addAll(check);
      try (var child = ChildProgram.start(directory, arguments.toArray(String[]::new))) {
        assertThat(child.exit()).isEqualTo(1);
        assertThat(child.stderr())
            .contains(config + ":1:1: ", "clutser")
            .contains(config + ":3:21: probes[0].kind: unknown kind \"tpc\"")
            .doesNotContain("Exception");
        assertThat(child.stdout()).isEmpty();
      }
    }
  }

  @Test
  void aGoodConfigIsValidAndNothingRuns() throws Exception {
    var config = config(probe("a", 9));
    var environment = Map.of("EKSNET_CONFIG_FILE", config.toString());
    for (var command : List.of("agent", "doctor")) {
      try (var child = ChildProgram.start(directory, environment, command, "--config.check")) {
        assertThat(child.exit()).isZero();
        assertThat(child.stdout()).isEqualTo(config + ": valid\n");
      }
    }
  }

  @Test
  void doctorReportsFindingsAsJsonAndByExitCode() throws Exception {
    try (var server = TcpServer.start("")) {
      var good = config(probe("good", port(server)));
      try (var child = doctor(good)) {
        assertThat(child.exit()).isZero();
        var found = new JsonObject(child.stdout());
        assertThat(found.getBoolean("broken")).isFalse();
        assertThat(found.getJsonArray("checks").getJsonObject(0).getString("outcome"))
            .isEqualTo("success");
      }
      var broken = config(probe("good", port(server)), probe("bad", 9));
      try (var child = doctor(broken)) {
        assertThat(child.exit()).isEqualTo(1);
        var found = new JsonObject(child.stdout());
        assertThat(found.getBoolean("broken")).isTrue();
        var bad = found.getJsonArray("checks").getJsonObject(0);
        assertThat(bad.getString("probe")).isEqualTo("bad");
        assertThat(bad.getString("outcome")).isEqualTo("conn_refused");
        assertThat(bad.getString("phase")).isEqualTo("connect");
      }
    }
  }

  @Test
  void aTargetThatDoesNotResolveIsAFailingSeries() throws Exception {
    var yaml =
        "suites: {dns: {enabled: false}}\nprobes:\n"
            + "  - {name: lost, kind: tcp, targets: [\"nowhere.lab.test:1\"],"
            + " interval: 500ms, timeout: 400ms}\n";
    try (var program = Program.start(directory, yaml)) {
      var lost = Map.of("probe", "lost");
      var notRun = Map.of("probe", "lost", "outcome", "not_run");
      var success = Map.of("probe", "lost", "outcome", "success");
      // Two recent results: on a busy machine a series without results for three intervals is
      // removed.
      var page =
          Await.until(
              "two failures",
              TIMEOUT,
              program::metrics,
              seen ->
                  seen.sum("eksnet_probe_total", lost) - seen.sum("eksnet_probe_total", notRun) >= 2
                      && !seen.of("eksnet_probe_success", lost).isEmpty());

      assertThat(page.sum("eksnet_probe_total", success)).isZero();
      assertThat(page.of("eksnet_probe_success", lost))
          .extracting(ExpositionSamples.Sample::value)
          .containsExactly(0.0);
    }
  }

  @Test
  void theEndpointsAskForACertificateAndAPasswordAndTheirOwnCertificateCanBeReplaced()
      throws Exception {
    var certificates = TestCertificates.of("eksnet.lab.test");
    certificates.write(directory);
    var first = serve(certificates);
    var web =
        write(
            "web.yaml",
            """
            tls_server_config:
              cert_file: server.pem
              key_file: server.key
              client_auth_type: RequireAndVerifyClientCert
              client_ca_file: ca.pem
            basic_auth_users:
              prometheus: '%s'
            """
                .formatted(BCrypt.withDefaults().hashToString(4, "open sesame".toCharArray())));
    var address = ChildProgram.freeAddress();
    var uri = URI.create("https://" + address + "/metrics");
    var identity = certificates.client();
    try (var child = standalone(address, config(probe("a", 9)), "--web.config.file=" + web)) {
      assertThat(child.await(client(certificates, identity), uri).statusCode()).isEqualTo(401);
      var stranger = client(certificates, null);
      assertThatThrownBy(() -> ChildProgram.get(stranger, uri)).isInstanceOf(IOException.class);
      var wrong = get(certificates, identity, uri, "prometheus:open barley");
      assertThat(wrong.statusCode()).isEqualTo(401);
      var right = get(certificates, identity, uri, "prometheus:open sesame");
      assertThat(right.statusCode()).isEqualTo(200);
      assertThat(right.body()).contains("eksnet_build_info");
      assertThat(right.sslSession().orElseThrow().getPeerCertificates()[0]).isEqualTo(first);

      var second = serve(certificates);
      Await.until(
          "the new certificate",
          TIMEOUT,
          () ->
              get(certificates, identity, uri, "prometheus:open sesame")
                  .sslSession()
                  .orElseThrow()
                  .getPeerCertificates()[0],
          second::equals);
    }
  }

  @Test
  void aPasswordThatIsTakenBackOpensNothingAfterAReload() throws Exception {
    var users = "basic_auth_users: {prometheus: '%s'}\n";
    var web = write("web.yaml", users.formatted(hash("first")));
    var address = ChildProgram.freeAddress();
    var uri = URI.create("http://" + address + "/metrics");
    var http = HttpClient.newHttpClient();
    try (var child = standalone(address, config(probe("a", 9)), "--web.config.file=" + web)) {
      child.await(http, uri);
      assertThat(status(http, uri, "prometheus:first")).isEqualTo(200);

      write("web.yaml", users.formatted(hash("second")));
      child.signal("HUP");

      Await.until(
          "the new password",
          TIMEOUT,
          () -> status(http, uri, "prometheus:second"),
          code -> code == 200);
      assertThat(status(http, uri, "prometheus:first")).isEqualTo(401);

      write("web.yaml", "http_server_config: {http2: false}\n");
      child.signal("HUP");
      Await.until(
          "what cannot change to be refused",
          TIMEOUT,
          child::stderr,
          text -> text.contains("cannot change while the process runs; restart it"));
      assertThat(status(http, uri, "prometheus:second")).isEqualTo(200);
      assertThat(status(http, uri, "nobody:")).isEqualTo(401);
    }
  }

  private static String hash(String password) {
    return BCrypt.withDefaults().hashToString(4, password.toCharArray());
  }

  private static int status(HttpClient http, URI uri, String user) throws Exception {
    var basic = Base64.getEncoder().encodeToString(user.getBytes(UTF_8));
    return ChildProgram.get(http, uri, "authorization", "Basic " + basic).statusCode();
  }

  /** Even when the server sends back what it was sent. */
  @Test
  void secretsAreOnTheWireToTheirTargetAndNowhereElse() throws Exception {
    write("password", "hunter-two-secret");
    write("token", "bearer-token-secret");
    var sent = new ConcurrentSkipListSet<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var header = exchange.getRequestHeaders().getFirst("authorization");
          sent.add(header);
          var body = header.getBytes(UTF_8);
          exchange.getResponseHeaders().add("x-echo", header);
          exchange.sendResponseHeaders(500, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    var config =
        write(
            "eksnet.yaml",
            """
            suites: {dns: {enabled: false}}
            defaults: {interval: 300ms, timeout: 200ms}
            probes:
              - name: basic
                kind: http
                targets: ["%1$s"]
                basic_auth: {username: probe, password_file: password}
              - {name: bearer, kind: http, targets: ["%1$s"], bearer_token_file: token}
            """
                .formatted(url));
    var basic = Base64.getEncoder().encodeToString("probe:hunter-two-secret".getBytes(UTF_8));
    var address = ChildProgram.freeAddress();
    try (var child = standalone(address, config, "--log.level=debug")) {
      child.await(HTTP, uri(address, "/-/ready"));
      Await.until("both to be sent", TIMEOUT, () -> List.copyOf(sent), all -> all.size() == 2);
      assertThat(sent).containsExactlyInAnyOrder("Basic " + basic, "Bearer bearer-token-secret");
      Await.until(
          "failures",
          TIMEOUT,
          () -> page(address).sum("eksnet_probe_total", Map.of("outcome", "http_status")),
          runs -> runs >= 2);

      for (var path :
          List.of(
              "/",
              "/config",
              "/metrics",
              "/api/v1/targets",
              "/api/v1/observations",
              "/probe?probe=basic&target=" + url,
              "/probe?probe=bearer&target=" + url)) {
        var answer = ChildProgram.get(HTTP, uri(address, path));
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        assertThat(answer.body()).as(path).doesNotContain("secret", basic);
      }
      child.signal("TERM");
      child.exit();
      assertThat(child.stderr()).contains("target failed").doesNotContain("secret", basic);
      assertThat(child.stdout()).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  private ChildProgram standalone(String address, Path config, String... more) throws IOException {
    var arguments = new ArrayList<>(List.of("standalone", "--config.file=" + config));
    arguments.add("--web.listen-address=" + address);
    arguments.addAll(List.of(more));
    return ChildProgram.start(directory, arguments.toArray(String[]::new));
  }

  private ChildProgram doctor(Path config) throws IOException {
    return ChildProgram.start(directory, "doctor", "--output=json", "--config.file=" + config);
  }

  private Path config(String... probes) throws IOException {
    return write(
        "eksnet.yaml", "suites: {dns: {enabled: false}}\nprobes:\n" + String.join("", probes));
  }

  private static String probe(String name, int port) {
    return "  - {name: %s, kind: tcp, targets: [\"127.0.0.1:%d\"], interval: 500ms, timeout: 400ms}\n"
        .formatted(name, port);
  }

  private static int port(TcpServer server) {
    return server.addresses().get(0).getPort();
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private static URI uri(String address, String path) {
    return URI.create("http://" + address + path);
  }

  private static ExpositionSamples page(String address) throws Exception {
    return ExpositionSamples.parse(Part.get(uri(address, "/metrics")));
  }

  /** Puts a new certificate of the same authority where the server's is. */
  private X509Certificate serve(TestCertificates certificates) throws IOException {
    var identity = certificates.good();
    write("server.pem", TestCertificates.pem(identity.chain()));
    write("server.key", TestCertificates.pem(identity.key()));
    return identity.leaf();
  }

  private static HttpResponse<String> get(
      TestCertificates certificates,
      TestCertificates.Identity identity,
      URI uri,
      String credentials)
      throws Exception {
    var basic = Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    return ChildProgram.get(client(certificates, identity), uri, "authorization", "Basic " + basic);
  }

  /** A client with connections of its own. */
  private static HttpClient client(
      TestCertificates certificates, TestCertificates.@Nullable Identity identity)
      throws Exception {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", certificates.authority());
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(keys(identity), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static KeyManager[] keys(TestCertificates.@Nullable Identity identity) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    if (identity != null) {
      store.setKeyEntry(
          "me", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
    }
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    return keys.getKeyManagers();
  }
}
