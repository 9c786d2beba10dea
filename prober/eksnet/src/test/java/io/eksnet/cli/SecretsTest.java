package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.sun.net.httpserver.HttpServer;
import io.eksnet.lab.TestCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets from every source, with servers that echo what they receive. */
@Timeout(180)
class SecretsTest {
  private static final String MARK = "hunter2";
  private static final List<String> PAGES =
      List.of(
          "/",
          "/metrics",
          "/config",
          "/-/ready",
          "/-/healthy",
          "/probe?target=http%3A%2F%2F",
          "/x",
          "/api/v1/targets",
          "/api/v1/observations",
          "/api/v1/observations?since=0",
          "/api/v1/findings",
          "/api/v1/plan?node=n",
          "/api/v1/inventory");

  @TempDir Path directory;

  @Test
  void noSecretIsOnAPageInAMetricOrInALog() throws Exception {
    var received = new CopyOnWriteArrayList<String>();
    var echo = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    echo.createContext(
        "/",
        exchange -> {
          var credentials = String.valueOf(exchange.getRequestHeaders().getFirst("authorization"));
          received.add(credentials);
          exchange.getResponseHeaders().add("x-echo", credentials);
          var body =
              "{\"kind\":\"Status\",\"message\":\"%s\"}".formatted(credentials).getBytes(UTF_8);
          exchange.sendResponseHeaders(403, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    echo.start();
    var url = "http://127.0.0.1:" + echo.getAddress().getPort();
    var certificates = TestCertificates.of("eksnet");
    var identity = certificates.good();
    var key = TestCertificates.pem(identity.key());
    write("server.pem", TestCertificates.pem(identity.chain()));
    write("server.key", key);
    write("password", "password-" + MARK);
    write("bearer", "bearer-" + MARK);
    write("key", "key-" + MARK);
    write("token", "peer-token-" + MARK);
    var hash = BCrypt.withDefaults().hashToString(4, ("web-" + MARK).toCharArray());
    var web =
        write(
            "web.yaml",
            """
            tls_server_config: {cert_file: server.pem, key_file: server.key}
            basic_auth_users: {on-call: "%s"}
            """
                .formatted(hash));
    var config =
        write(
            "eksnet.yaml",
            """
            cluster: demo
            region: eu-central-1
            suites: {dns: {enabled: false}}
            controller: {token_file: token}
            defaults: {interval: 500ms, timeout: 400ms}
            probes:
              - name: basic
                kind: http
                targets: ["%1$s/a"]
                header_files: {X-Api-Key: key}
                basic_auth: {username: probe, password_file: password}
              - {name: bearer, kind: http, targets: ["%1$s/b"], bearer_token_file: bearer}
            """
                .formatted(url));
    var kubeconfig =
        write(
            "kubeconfig",
            """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: k, cluster: {server: "%s"}}]
            contexts: [{name: c, context: {cluster: k, user: u, namespace: n}}]
            users: [{name: u, user: {token: "kube-%s\\n"}}]
            """
                .formatted(url, MARK));
    var environment =
        Map.of(
            "KUBECONFIG",
            kubeconfig.toString(),
            "AWS_ACCESS_KEY_ID",
            "AKIA" + MARK.toUpperCase(java.util.Locale.ROOT),
            "AWS_SECRET_ACCESS_KEY",
            "aws-secret-" + MARK,
            "AWS_SESSION_TOKEN",
            "aws-session-" + MARK,
            "AWS_ENDPOINT_URL",
            url,
            "AWS_EC2_METADATA_DISABLED",
            "true");
    var address = ChildProgram.freeAddress();
    var client = client(certificates);
    var pair = Base64.getEncoder().encodeToString(("on-call:web-" + MARK).getBytes(UTF_8));
    var sent = Base64.getEncoder().encodeToString(("probe:password-" + MARK).getBytes(UTF_8));
    var secret = Arrays.stream(key.split("\n")).skip(1).findFirst().orElseThrow();
    var output = new StringBuilder();
    try (var child =
        ChildProgram.start(
            directory,
            environment,
            "standalone",
            "--config.file=" + config,
            "--web.config.file=" + web,
            "--web.listen-address=" + address,
            "--log.level=debug")) {
      child.await(client, URI.create("https://" + address + "/-/healthy"));
      Await.until(
          "all secrets to be sent",
          java.time.Duration.ofSeconds(60),
          () -> List.copyOf(received),
          all ->
              List.of("Basic " + sent, "Bearer bearer-" + MARK, "Bearer kube-" + MARK, "AWS4-HMAC")
                  .stream()
                  .allMatch(one -> all.stream().anyMatch(header -> header.startsWith(one))));
      for (var path : PAGES) {
        var uri = URI.create("https://" + address + path);
        output.append(path).append('\n');
        output.append(ChildProgram.get(client, uri, "authorization", "Basic " + pair).body());
        output.append(ChildProgram.get(client, uri, "authorization", "Bearer wrong").body());
      }
      child.signal("TERM");
      child.exit();
      output.append(child.stderr()).append(child.stdout());
    } finally {
      echo.stop(0);
    }
    assertThat(output).contains("eksnet_build_info", "Credential=<secret>", "msg=stopping");
    for (var planted :
        List.of(MARK, MARK.toUpperCase(java.util.Locale.ROOT), sent, pair, hash, secret)) {
      assertThat(linesWith(planted, output.toString())).isEmpty();
    }
  }

  /** Config errors contain neither the contents of named files nor values. */
  @Test
  void noSecretIsInWhatIsWrongWithAConfig() throws Exception {
    write("token", MARK + "\nwith two lines");
    var web =
        write(
            "web.yaml",
            "basic_auth_users: {on-call: %1$s}\ntls_server_config: {cert_file: token, key_file: token}\n"
                .formatted(MARK));
    var config =
        write(
            "eksnet.yaml",
            """
            controller: {token_file: token}
            suites: {dns: {enabled: false}}
            probes:
              - {name: a, kind: http, targets: ["http://user:%1$s@a.test/"]}
              - {name: b, kind: http, targets: ["http://b.test/"], basic_auth: {username: u, password: %1$s}}
              - {name: d, kind: http, targets: ["http://d.test/"], headers: {X-Api-Key: %1$s}}
              - {name: c, kind: http, targets: ["http://c.test/"], bearer_token: %1$s}
            """
                .formatted(MARK));
    for (var arguments :
        List.of(
            List.of("--config.file=" + config),
            List.of("--config.file=" + write("good.yaml", ""), "--web.config.file=" + web))) {
      var all = new java.util.ArrayList<>(List.of("standalone", "--log.level=debug"));
      all.addAll(arguments);
      try (var child = ChildProgram.start(directory, all.toArray(String[]::new))) {
        assertThat(child.exit()).isEqualTo(1);
        assertThat(child.stderr() + child.stdout()).isNotEmpty().doesNotContain(MARK);
      }
    }
  }

  private static List<String> linesWith(String planted, String output) {
    return output.lines().filter(line -> line.contains(planted)).collect(Collectors.toList());
  }

  private static HttpClient client(TestCertificates certificates) throws Exception {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", certificates.authority());
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private Path write(String name, String content) throws java.io.IOException {
    return Files.writeString(directory.resolve(name), content);
  }
}
