package io.eksnet.probe;

import static io.eksnet.probe.net.Bench.await;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.dns.DnsKind;
import io.eksnet.probe.grpc.GrpcKind;
import io.eksnet.probe.http.HttpKind;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.Certs;
import io.eksnet.probe.net.LoopbackDns;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.RawServer;
import io.eksnet.probe.net.YamlSettings;
import io.eksnet.probe.tcp.TcpKind;
import io.eksnet.probe.tls.TlsKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** The resolver, the source address and the PROXY protocol header of probes, on real sockets. */
class ProbeNetworkTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private static final Map<String, ProbeKind<?>> KINDS =
      Map.of(
          "tcp", new TcpKind(),
          "tls", new TlsKind(),
          "http", new HttpKind(),
          "grpc", new GrpcKind(),
          "dns", new DnsKind());
  private static final Bench bench =
      Bench.with(
          Map.of(
              "shop.test", List.of("127.0.0.1"),
              "other.test", List.of("127.0.0.1"),
              "proxy.test", List.of("127.0.0.1"),
              "several.test", List.of("::1", "127.0.0.3", "127.0.0.4")));
  private static final Certs authority = new Certs("authority");

  @TempDir private static Path files;
  private static Path ca;
  private static SSLContext server;

  @BeforeAll
  static void certificates() {
    ca = authority.rootFile(files);
    server = Certs.server(authority.leaf(Certs.MONTH, "shop.test"));
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource({
    "http, https://shop.test:, v1, GET / HTTP/1.1",
    "http, https://shop.test:, v2, GET / HTTP/1.1",
    "grpc, grpcs://shop.test:, v1, PRI * HTTP/2.0",
    "grpc, grpcs://shop.test:, v2, PRI * HTTP/2.0",
  })
  void sendsTheProxyProtocolHeaderBeforeTls(
      String kind, String target, String version, String request) throws IOException {
    var received = new CopyOnWriteArrayList<String>();
    try (var peer =
        RawServer.of(
            socket -> {
              received.add(socket.getInetAddress().getHostAddress());
              received.add(header(socket, version));
              var tls = secured(socket, kind.equals("grpc") ? "h2" : "http/1.1");
              received.add(RawServer.request(tls.getInputStream()));
              RawServer.say(tls, OK);
              tls.getInputStream().read();
            })) {
      var yaml =
          "{proxy_protocol: %s, source_address: 127.0.0.2, tls: {ca_file: '%s'}}"
              .formatted(version, ca);

      run(kind(kind), yaml, target + peer.port(), bench.network());

      assertThat(received).hasSize(3).startsWith("127.0.0.2", "127.0.0.2 to 127.0.0.1");
      assertThat(received.get(2)).startsWith(request + "\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http, http://shop.test:, auto, GET / HTTP/1.1",
    "http, http://shop.test:, http2, PRI * HTTP/2.0",
    "grpc, shop.test:, '', PRI * HTTP/2.0",
  })
  void sendsTheProxyProtocolHeaderBeforeRequestsWithoutTls(
      String kind, String target, String httpVersion, String request) throws IOException {
    var received = new CopyOnWriteArrayList<String>();
    try (var peer =
        RawServer.of(
            socket -> {
              received.add(header(socket, "v2"));
              received.add(RawServer.request(socket.getInputStream()));
            })) {
      var version = httpVersion.isEmpty() ? "" : ", version: " + httpVersion;

      run(
          kind(kind),
          "{proxy_protocol: v2%s}".formatted(version),
          target + peer.port(),
          bench.network());

      assertThat(received).hasSize(2).startsWith("127.0.0.1 to 127.0.0.1");
      assertThat(received.get(1)).startsWith(request + "\r\n");
    }
  }

  @Test
  void sendsTheProxyProtocolHeaderOnlyToTheHostOfTheTarget() throws IOException {
    var received = new CopyOnWriteArrayList<String>();
    try (var third = RawServer.of(answering(received, OK, false));
        var second = RawServer.of(answering(received, redirect("other.test", third.port()), true));
        var first = RawServer.of(answering(received, redirect("shop.test", second.port()), true))) {
      var outcome =
          run(
              new HttpKind(),
              "{proxy_protocol: v1, redirect_hosts: [other.test]}",
              "http://shop.test:" + first.port(),
              bench.network());

      success(outcome);
      assertThat(received)
          .containsExactly(
              "127.0.0.1 to 127.0.0.1",
              "GET / HTTP/1.1",
              "127.0.0.1 to 127.0.0.1",
              "GET / HTTP/1.1",
              "GET / HTTP/1.1");
    }
  }

  @ParameterizedTest
  @CsvSource({"http, http://several.test:", "grpc, several.test:"})
  void probesAllAddressesOfTheFamilyOfTheSourceAddress(String kind, String target)
      throws IOException {
    Set<String> received = ConcurrentHashMap.newKeySet();
    RawServer.Script script =
        socket -> {
          received.add(header(socket, "v1"));
          RawServer.request(socket.getInputStream());
          RawServer.say(socket, OK);
        };
    try (var one = RawServer.on("127.0.0.3", 0, script);
        var two = RawServer.on("127.0.0.4", one.port(), script)) {
      var outcome =
          run(
              kind(kind),
              "{addresses: all, proxy_protocol: v1, source_address: 127.0.0.2}",
              target + two.port(),
              bench.network());

      assertThat(((Outcome.Several) outcome).parts().stream().map(Outcome.Part::address))
          .containsExactly("127.0.0.3", "127.0.0.4");
      assertThat(received)
          .containsExactlyInAnyOrder("127.0.0.2 to 127.0.0.3", "127.0.0.2 to 127.0.0.4");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tcp, api.test:%d",
    "tls, api.test:%d",
    "http, http://api.test:%d/",
    "http, https://api.test:%d/",
    "grpc, api.test:%d",
    "grpc, grpcs://api.test:%d",
    "dns, api.test:%d/x.test",
  })
  void asksItsOwnResolver(String kind, String target) throws IOException {
    try (var dns =
            LoopbackDns.that(
                query ->
                    query.reply(
                        Rcode.NOERROR,
                        query.type() == Type.A ? new String[] {"A 127.0.0.1"} : new String[0]));
        var peer = RawServer.of(socket -> {})) {
      var yaml = "{resolver: '127.0.0.1:%d'}".formatted(dns.port());

      var outcome = run(kind(kind), yaml, target.formatted(peer.port()), bench.network());

      assertThat(outcome.label()).isNotEqualTo("nxdomain");
      assertThat(
              dns.received().stream()
                  .map(query -> query.getQuestion().getName().toString())
                  .collect(Collectors.toSet()))
          .containsExactly("api.test.");
    }
  }

  @Test
  void reportsARefusingResolverInThePhaseResolve() {
    var closed = LoopbackDns.silent();
    closed.stop();

    var failure =
        failure(
            run(
                new HttpKind(),
                "{resolver: '127.0.0.1:%d'}".formatted(closed.port()),
                "http://shop.test/",
                bench.network()));

    assertThat(failure.cause()).isEqualTo(Cause.CONN_REFUSED);
    assertThat(failure.phase().label()).isEqualTo("resolve");
  }

  @Test
  void connectsToTheProxyFromTheSourceAddress() throws IOException {
    var received = new CopyOnWriteArrayList<String>();
    try (var proxy =
        RawServer.of(
            socket -> {
              received.add(socket.getInetAddress().getHostAddress());
              RawServer.request(socket.getInputStream());
              RawServer.say(socket, OK);
            })) {
      var yaml =
          "{proxy_url: 'http://proxy.test:%d', source_address: 127.0.0.2}".formatted(proxy.port());

      success(run(new HttpKind(), yaml, "http://[fd00::1]/", bench.network()));

      assertThat(received).containsExactly("127.0.0.2");
    }
  }

  @Test
  void connectsToTheTokenEndpointFromTheSourceAddressWithoutProxyProtocolHeader(
      @TempDir Path directory) throws IOException {
    var secret = Files.writeString(directory.resolve("secret"), "s3cr3t");
    var received = new CopyOnWriteArrayList<String>();
    try (var endpoint =
            RawServer.of(
                socket -> {
                  received.add(socket.getInetAddress().getHostAddress());
                  received.add(RawServer.request(socket.getInputStream()).split("\r\n")[0]);
                  RawServer.say(
                      socket,
                      "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"access_token\":\"t\"}");
                });
        var peer = RawServer.of(answering(received, OK, true))) {
      var yaml =
          """
          {source_address: 127.0.0.2, proxy_protocol: v1,
           oauth2: {client_id: a, client_secret_file: '%s', token_url: 'http://shop.test:%d/t'}}
          """
              .formatted(secret, endpoint.port());

      success(run(new HttpKind(), yaml, "http://shop.test:" + peer.port(), bench.network()));

      assertThat(received)
          .containsExactly(
              "127.0.0.2", "POST /t HTTP/1.1", "127.0.0.2 to 127.0.0.1", "GET / HTTP/1.1");
    }
  }

  /** An address of a redirect is known only when it arrives. */
  @Test
  void doesNotRunIfARedirectLeadsToAnAddressOfAnotherFamily() throws IOException {
    var received = new CopyOnWriteArrayList<String>();
    try (var peer = RawServer.of(answering(received, redirect("[::1]", 1), false))) {
      var outcome =
          run(
              new HttpKind(),
              "{source_address: 127.0.0.2, redirect_hosts: ['::1']}",
              "http://shop.test:" + peer.port(),
              bench.network());

      Bench.isLocalFailure(outcome);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp | {source_address: 10.0.0.7, family: ip6}",
        "tls | {source_address: 10.0.0.7, family: both}",
        "http | {source_address: 'fd00::7', family: ip4}",
        "grpc | {source_address: 'fd00::7', family: both}",
        "dns | {query: x.test, source_address: 10.0.0.7, family: ip6}",
      })
  void rejectsASourceAddressOfAnotherFamily(String kind, String yaml) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> YamlSettings.of(kind(kind).settings(), yaml))
        .withMessageContaining("source_address")
        .withMessageContaining("reaches addresses of its own family only: leave family out, or");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp | {source_address: 10.0.0.7} | [fd00::1]:80",
        "tls | {source_address: 10.0.0.7, family: prefer_ip6} | [fd00::1]",
        "http | {source_address: 'fd00::7'} | http://10.0.0.1/",
        "grpc | {source_address: 'fd00::7', family: ip6} | 10.0.0.1:50051",
        "dns | {query: x.test, source_address: 10.0.0.7} | fd00::a",
        "dns | {source_address: 10.0.0.7} | fd00::a/x.test",
      })
  void rejectsTargetsThatTheSourceAddressCannotReach(String kind, String yaml, String target) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(kind(kind), yaml, target, bench.network()))
        .withMessageContaining("cannot be reached from source_address")
        .withMessageContaining("use addresses of the same family");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{source_address: 10.0.0.7, address: 'fd00::1'} | address: fd00::1 cannot be reached",
        "{source_address: 'fd00::7', proxy_url: 'http://10.0.0.1:3128'} | proxy_url: 10.0.0.1 cannot",
        "{source_address: 10.0.0.7, oauth2: {client_id: a, client_secret_file: b,"
            + " token_url: 'http://[fd00::1]/'}} | oauth2.token_url: fd00::1 cannot be reached",
        "{proxy_protocol: v2, proxy_url: 'http://p:3128'} | proxy_protocol: cannot be used with proxy_url",
        "{proxy_protocol: v1, proxy_from_environment: true} | proxy_protocol: cannot be used with",
        "{proxy_protocol: v3} | v1",
        "{resolver: ns.test} | is no resolver",
        "{source_address: eth0} | is not an address",
      })
  void rejectsSettingsThatCannotWork(String yaml, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> YamlSettings.of(new HttpKind().settings(), yaml))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{source_address: 10.0.0.7, family: prefer_ip6}",
        "{source_address: 'fd00::7', family: any}",
        "{source_address: 10.0.0.7, family: ip4, address: shop.test}",
        "{source_address: 'fd00::7', address: 'fd00::1'}",
        "{source_address: 10.0.0.7, resolver: '[fd00::a]:53', proxy_protocol: v2}",
      })
  void acceptsSettingsThatWork(String yaml) {
    assertThatNoException().isThrownBy(() -> YamlSettings.of(new HttpKind().settings(), yaml));
  }

  private static ProbeKind<?> kind(String name) {
    return Objects.requireNonNull(KINDS.get(name));
  }

  private static <S extends Record> Outcome run(
      ProbeKind<S> kind, String yaml, String target, Network network) {
    var settings = YamlSettings.of(kind.settings(), yaml);
    return await(kind.create(settings, network).run(kind.target(target, settings), TIMEOUT));
  }

  private static RawServer.Script answering(
      List<String> received, String response, boolean withHeader) {
    return socket -> {
      if (withHeader) {
        received.add(header(socket, "v1"));
      }
      received.add(RawServer.request(socket.getInputStream()).split("\r\n")[0]);
      RawServer.say(socket, response);
    };
  }

  private static String redirect(String host, int port) {
    return "HTTP/1.1 302 Found\r\nLocation: http://%s:%d/\r\nContent-Length: 0\r\n\r\n"
        .formatted(host, port);
  }

  /** Reads a header as the specification defines it, and compares its ports with the socket's. */
  private static String header(Socket socket, String version) throws IOException {
    var in = socket.getInputStream();
    return version.equals("v1") ? textHeader(socket, line(in)) : binaryHeader(socket, in);
  }

  private static String textHeader(Socket socket, String line) {
    var words = line.split(" ");
    assertThat(words).hasSize(6).startsWith("PROXY", "TCP4");
    assertThat(words[4] + " " + words[5]).isEqualTo(socket.getPort() + " " + socket.getLocalPort());
    return words[2] + " to " + words[3];
  }

  private static String binaryHeader(Socket socket, InputStream in) throws IOException {
    var hex = HexFormat.of().formatHex(in.readNBytes(28));
    assertThat(hex)
        .startsWith("0d0a0d0a000d0a515549540a" + "21" + "11" + "000c")
        .endsWith("%04x%04x".formatted(socket.getPort(), socket.getLocalPort()));
    return dotted(hex.substring(32, 40)) + " to " + dotted(hex.substring(40, 48));
  }

  private static String dotted(String hex) {
    var octets = HexFormat.of().parseHex(hex);
    return (octets[0] & 0xff)
        + "."
        + (octets[1] & 0xff)
        + "."
        + (octets[2] & 0xff)
        + "."
        + (octets[3] & 0xff);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static SSLSocket secured(Socket socket, String protocol) throws IOException {
    var tls =
        (SSLSocket)
            server.getSocketFactory().createSocket(socket, "client", socket.getPort(), true);
    tls.setUseClientMode(false);
    var parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }
}
