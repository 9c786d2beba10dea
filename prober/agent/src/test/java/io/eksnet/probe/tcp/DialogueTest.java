package io.eksnet.probe.tcp;

import static io.eksnet.probe.net.Bench.await;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.Certs;
import io.eksnet.probe.net.ProxyProtocol;
import io.eksnet.probe.net.RawServer;
import io.eksnet.probe.net.YamlSettings;
import io.eksnet.probe.tls.TlsKind;
import io.eksnet.probe.tls.TlsProbeSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations in turns, STARTTLS, and what comes before them. */
@Timeout(60)
class DialogueTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Bench bench = Bench.with(Map.of("mail.test", List.of("127.0.0.1")));
  private static final Certs authority = new Certs("authority");
  private static SSLContext context;
  private static Path ca;
  @TempDir private static Path files;

  @BeforeAll
  static void prepare() {
    context = Certs.server(authority.leaf(Certs.MONTH, "mail.test"));
    ca = authority.rootFile(files);
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  private static Outcome tcp(RawServer server, String yaml) {
    return tcp(server, yaml, TIMEOUT);
  }

  private static Outcome tcp(RawServer server, String yaml, Duration timeout) {
    var settings = YamlSettings.of(TcpSettings.class, yaml.replace("CA", ca.toString()));
    var target = Target.of("t", "mail.test", server.port());
    return await(new TcpKind().create(settings, bench.network()).run(target, timeout));
  }

  private static Outcome tls(RawServer server, String yaml) {
    var settings = YamlSettings.of(TlsProbeSettings.class, yaml.replace("CA", ca.toString()));
    var target = Target.of("t", "mail.test", server.port());
    return await(new TlsKind().create(settings, bench.network()).run(target, TIMEOUT));
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      line.append((char) c);
      if (c == '\n') {
        return line.toString();
      }
    }
    throw new IOException("closed after \"" + line + "\"");
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static void expect(Socket socket, String line) throws IOException {
    var came = line(socket.getInputStream());
    if (!came.equals(line)) {
      throw new IOException("expected " + line + ", not " + came);
    }
  }

  private static SSLSocket secured(Socket socket) throws IOException {
    var tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "client", socket.getPort(), true);
    tls.setUseClientMode(false);
    tls.startHandshake();
    return tls;
  }

  /** Greets late and in two lines; one that speaks first is sent away, as by postscreen. */
  private static final RawServer.Script SMTP =
      socket -> {
        say(socket, "220-mail.test ESMTP\r\n");
        Thread.sleep(50);
        if (socket.getInputStream().available() > 0) {
          say(socket, "554 wait for the greeting\r\n");
          return;
        }
        say(socket, "220 mail.test ready\r\n");
        expect(socket, "EHLO eksnet\r\n");
        say(socket, "250-mail.test\r\n250-SIZE 1000\r\n");
        Thread.sleep(20);
        say(socket, "250-STARTTLS\r\n250 HELP\r\n");
        var next = line(socket.getInputStream());
        if (next.equals("QUIT\r\n")) {
          say(socket, "221 bye\r\n");
          return;
        }
        say(socket, "220 go ahead\r\n");
        var tls = secured(socket);
        expect(tls, "NOOP\r\n");
        say(tls, "250 ok\r\n");
        tls.getInputStream().read();
      };

  @Test
  void takesTurns() throws Exception {
    try (var server = RawServer.of(SMTP)) {
      success(
          tcp(
              server,
              "dialogue: [{expect: '^220 ', send: 'EHLO eksnet\\r\\n'},"
                  + " {expect: '^250[ -]STARTTLS', send: 'QUIT\\r\\n'}, {expect: '^221'}]"));
    }
  }

  @Test
  void startsTlsInADialogueAndGoesOnOverIt() throws Exception {
    try (var server = RawServer.of(SMTP)) {
      var outcome =
          success(
              tcp(
                  server,
                  "{tls: {ca_file: CA}, dialogue: [{expect: '^220 ', send: 'EHLO eksnet\\r\\n'},"
                      + " {expect: '^250 ', send: 'STARTTLS\\r\\n'}, {expect: '^220 ', starttls:"
                      + " true}, {send: 'NOOP\\r\\n'}, {expect: '^250 ok'}]}"));

      assertThat(outcome.timings().phases()).containsKeys(Phase.TLS, Phase.PROCESSING);
      assertThat(outcome.notes(Note.CertificateExpiry.class)).hasSize(1);
    }
  }

  @Test
  void startsTlsByTheNameOfTheProtocol() throws Exception {
    try (var server = RawServer.of(SMTP)) {
      success(
          tcp(
              server,
              "{starttls: smtp, tls: {ca_file: CA}, send: 'NOOP\\r\\n', expect: ['^250 ok']}"));
      success(tls(server, "{starttls: smtp, ca_file: CA}"));
      assertThat(failure(tls(server, "starttls: smtp")).cause()).isEqualTo(Cause.TLS_UNTRUSTED);
      assertThat(
              failure(tls(server, "{starttls: smtp, ca_file: CA, min_valid_for: 2000h}")).cause())
          .isEqualTo(Cause.TLS_EXPIRED);
    }
  }

  private static final String LDAP_SUCCESS =
      new String(
          HexFormat.of().parseHex("300c02010178070a010004000400"), StandardCharsets.ISO_8859_1);

  private static final Map<String, RawServer.Script> OTHERS =
      Map.of(
          "imap",
          socket -> {
            say(socket, "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n");
            expect(socket, "a1 STARTTLS\r\n");
            say(socket, "* a hint\r\na1 OK begin\r\n");
            secured(socket).getInputStream().read();
          },
          "pop3",
          socket -> {
            say(socket, "+OK ready\r\n");
            expect(socket, "STLS\r\n");
            say(socket, "+OK begin\r\n");
            secured(socket).getInputStream().read();
          },
          "ldap",
          socket -> {
            var request = socket.getInputStream().readNBytes(31);
            if (!HexFormat.of().formatHex(request).startsWith("301d02010177188016")) {
              return;
            }
            say(socket, LDAP_SUCCESS);
            secured(socket).getInputStream().read();
          },
          "postgres",
          socket -> {
            var request = socket.getInputStream().readNBytes(8);
            if (HexFormat.of().formatHex(request).equals("0000000804d2162f")) {
              say(socket, "S");
              secured(socket).getInputStream().read();
            }
          });

  @ParameterizedTest
  @ValueSource(strings = {"imap", "pop3", "ldap", "postgres"})
  void startsTlsOfOtherProtocols(String protocol) throws Exception {
    try (var server = RawServer.of(Objects.requireNonNull(OTHERS.get(protocol)))) {
      success(tls(server, "{starttls: %s, ca_file: CA}".formatted(protocol)));
      success(tcp(server, "{starttls: %s, tls: {ca_file: CA}}".formatted(protocol)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "smtp, '220 mail\\r\\n|250 mail\\r\\n', the peer refuses: 250 mail",
    "smtp, '220 mail\\r\\n|250-mail\\r\\n250 STARTTLS\\r\\n|454 no TLS today\\r\\n', 454 no TLS today",
    "smtp, '554 go away\\r\\n', the peer refuses: 554 go away",
    "imap, '* OK hi\\r\\n|a1 BAD what\\r\\n', the peer refuses: a1 BAD what",
    "pop3, '+OK\\r\\n|-ERR no\\r\\n', the peer refuses: -ERR no",
    "postgres, '|N', the peer refuses: N",
  })
  void reportsRefusedStarttlsAtOnce(String protocol, String turns, String detail) throws Exception {
    RawServer.Script script =
        socket -> {
          for (var turn : turns.replace("\\r\\n", "\r\n").split("\\|")) {
            say(socket, turn);
            socket.getInputStream().read(new byte[100]);
          }
          socket.getInputStream().read();
        };
    try (var server = RawServer.of(script)) {
      var failure = failure(tls(server, "{starttls: %s, ca_file: CA}".formatted(protocol)));

      assertThat(failure.cause()).as(failure.detail()).isEqualTo(Cause.WRONG_ANSWER);
      assertThat(failure.detail()).contains(detail);
    }
  }

  @Test
  void namesTheStepThatFails() throws Exception {
    try (var server =
        RawServer.of(
            socket -> {
              say(socket, "220 hi\r\n");
              line(socket.getInputStream());
              say(socket, "500 what\r\n");
              socket.getInputStream().read();
            })) {
      var failure =
          failure(
              tcp(
                  server,
                  "dialogue: [{expect: '^220', send: 'HELO\\r\\n'}, {expect: '^250'}]",
                  Duration.ofMillis(600)));

      assertThat(failure.cause()).isEqualTo(Cause.WRONG_ANSWER);
      assertThat(failure.detail())
          .startsWith("step 2: no match of \"^250\" in the 10 bytes that the peer sent before");
    }
  }

  /** What came before STARTTLS in plain text is no answer to what was sent over TLS. */
  @Test
  void ignoresPlainTextThatCameBeforeTls() throws Exception {
    try (var server =
        RawServer.of(
            socket -> {
              say(socket, "+OK ready\r\n");
              expect(socket, "STLS\r\n");
              say(socket, "+OK begin\r\nINJECTED\r\n");
              var tls = secured(socket);
              line(tls.getInputStream());
              tls.getInputStream().read();
            })) {
      var failure =
          failure(
              tcp(
                  server,
                  "{starttls: pop3, tls: {ca_file: CA}, send: 'NOOP\\r\\n', expect: [INJECTED]}",
                  Duration.ofSeconds(3)));
      assertThat(failure.cause()).isEqualTo(Cause.TIMEOUT);
    }
  }

  @Test
  void conversesOverTlsFromTheStart() throws Exception {
    try (var server =
        RawServer.tls(
            context,
            socket -> {
              expect(socket, "PING\r\n");
              say(socket, "+PONG\r\n");
              socket.getInputStream().read();
            })) {
      success(tcp(server, "{tls: {ca_file: CA}, send: 'PING\\r\\n', expect: ['^\\+PONG']}"));
      success(tcp(server, "tls: {ca_file: CA}"));
      success(tcp(server, "tls: {insecure_skip_verify: true}"));
      assertThat(failure(tcp(server, "tls: {}")).cause()).isEqualTo(Cause.TLS_UNTRUSTED);
    }
  }

  /** A banner that comes with the end of the handshake waits for the verification. */
  @Test
  void keepsWhatArrivesDuringTheVerification() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (var server =
          RawServer.tls(
              Certs.server(authority.leaf(Certs.MONTH, "mail.test")),
              socket -> {
                ((SSLSocket) socket).startHandshake();
                say(socket, "banner\r\n");
                if (socket.getPort() % 2 == 0) {
                  socket.getInputStream().read();
                }
              })) {
        success(tcp(server, "{tls: {ca_file: CA}, expect: ['^banner']}"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void sendsAProxyHeaderBeforeAllElse(String version) throws Exception {
    var header = new CompletableFuture<byte[]>();
    try (var server =
        RawServer.of(
            socket -> {
              var expected =
                  ProxyProtocol.valueOf(version.toUpperCase(java.util.Locale.ROOT))
                      .header(
                          new InetSocketAddress(
                              AddressLiteral.parse("127.0.0.1").orElseThrow(), socket.getPort()),
                          new InetSocketAddress(
                              AddressLiteral.parse("127.0.0.1").orElseThrow(),
                              socket.getLocalPort()));
              var came = socket.getInputStream().readNBytes(expected.length);
              header.complete(came);
              if (java.util.Arrays.equals(came, expected)) {
                var tls = secured(socket);
                expect(tls, "PING\r\n");
                say(tls, "PONG\r\n");
                tls.getInputStream().read();
              }
            })) {
      success(
          tcp(
              server,
              "{proxy_protocol: %s, tls: {ca_file: CA}, send: 'PING\\r\\n', expect: [PONG]}"
                  .formatted(version)));
      assertThat(header.get(5, TimeUnit.SECONDS)).isNotEmpty();
    }
  }

  @Test
  void writesProxyHeadersAsSpecified() throws Exception {
    var from = new InetSocketAddress(AddressLiteral.parse("10.0.0.1").orElseThrow(), 4660);
    var to = new InetSocketAddress(AddressLiteral.parse("10.0.0.2").orElseThrow(), 443);
    var from6 = new InetSocketAddress(AddressLiteral.parse("fd00::1").orElseThrow(), 1);
    var to6 = new InetSocketAddress(AddressLiteral.parse("fd00::2").orElseThrow(), 2);

    assertThat(new String(ProxyProtocol.V1.header(from, to), StandardCharsets.US_ASCII))
        .isEqualTo("PROXY TCP4 10.0.0.1 10.0.0.2 4660 443\r\n");
    assertThat(new String(ProxyProtocol.V1.header(from6, to6), StandardCharsets.US_ASCII))
        .isEqualTo("PROXY TCP6 fd00::1 fd00::2 1 2\r\n");
    assertThat(HexFormat.of().formatHex(ProxyProtocol.V2.header(from, to)))
        .isEqualTo("0d0a0d0a000d0a515549540a" + "2111000c" + "0a000001" + "0a000002" + "123401bb");
    assertThat(HexFormat.of().formatHex(ProxyProtocol.V2.header(from6, to6)))
        .startsWith("0d0a0d0a000d0a515549540a" + "21210024" + "fd00")
        .endsWith("00010002");
  }

  @Test
  void connectsFromTheSourceAddress() throws Exception {
    var peer = new CompletableFuture<InetAddress>();
    try (var server = RawServer.of(socket -> peer.complete(socket.getInetAddress()))) {
      success(tcp(server, "source_address: 127.0.0.9"));

      assertThat(peer.get(5, TimeUnit.SECONDS).getHostAddress()).isEqualTo("127.0.0.9");
      assertThat(tcp(server, "source_address: 192.0.2.1"))
          .as("not an address of this host")
          .isInstanceOf(Outcome.NotRun.class);
      assertThat(failure(tcp(server, "source_address: '::1'")).cause())
          .as("the name has no address of its family")
          .isEqualTo(Cause.NODATA);
    }
  }

  @Test
  void acceptsZonesInTargets() throws Exception {
    var kind = new TcpKind();
    assertThat(kind.target("[fe80::1%eth99]:53", TcpSettings.DEFAULT))
        .isEqualTo(Target.of("[fe80::1%eth99]:53", "fe80::1%eth99", 53));
    var outcome =
        await(
            kind.create(TcpSettings.DEFAULT, bench.network())
                .run(Target.of("t", "fe80::1%eth99", 53), TIMEOUT));
    assertThat(outcome).as("this host has no eth99").isInstanceOf(Outcome.NotRun.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{dialogue: [{}]} | a step needs expect, send or starttls",
        "{dialogue: [{send: x}], send: y} | excludes send and expect",
        "{dialogue: [{send: '\\q'}]} | a backslash starts no escape",
        "{dialogue: [{starttls: true}], starttls: smtp} | starts TLS more than once",
        "{dialogue: [{starttls: true}, {starttls: true}]} | starts TLS more than once",
        "{starttls: nntp} | smtp",
        "{proxy_protocol: v3} | v1",
        "{tls: {min_version: tls1_3, max_version: tls1_2}} | is newer than max_version",
      })
  void rejectsInvalidSettings(String yaml, String message) throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> YamlSettings.of(TcpSettings.class, yaml))
        .withMessageContaining(message);
  }
}
