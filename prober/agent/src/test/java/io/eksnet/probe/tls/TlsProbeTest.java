package io.eksnet.probe.tls;

import static io.eksnet.probe.net.Bench.await;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.Certs;
import io.eksnet.probe.net.HungFile;
import io.eksnet.probe.net.RawServer;
import io.eksnet.probe.net.YamlSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.Mapping;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsProbeTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Certs authority = new Certs("authority");
  private static final Certs stranger = new Certs("stranger");
  private static final Bench bench =
      Bench.with(
          Map.of(
              "shop.test", List.of("127.0.0.1"),
              "a.shop.test", List.of("127.0.0.1"),
              "my_app.test", List.of("127.0.0.1")));
  @TempDir private static Path files;
  private static Probe probe;

  @BeforeAll
  static void trust() {
    probe = probe(settings().minValidFor());
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void acceptsValidCertificateAndReportsItsExpiry() throws IOException {
    var identity = authority.leaf(Certs.MONTH, "shop.test");
    try (var server = polite(identity)) {
      var outcome = success(run(probe, "shop.test", server.port()));

      assertThat(outcome.timings().phases())
          .containsOnlyKeys(Phase.RESOLVE, Phase.CONNECT, Phase.TLS);
      assertThat(expiry(outcome)).isEqualTo(identity.leaf().getNotAfter().toInstant());
      assertThat(Bench.attributes(outcome, "tls").get(0)).startsWith("TLSv1.3 ");
    }
  }

  @Test
  void sendsServerName() throws Exception {
    var asked = new CompletableFuture<List<SNIServerName>>();
    try (var server =
        RawServer.tls(
            Certs.server(authority.leaf(Certs.MONTH, "shop.test")),
            socket -> {
              var tls = (SSLSocket) socket;
              tls.startHandshake();
              asked.complete(((ExtendedSSLSession) tls.getSession()).getRequestedServerNames());
            })) {
      run(probe, "shop.test", server.port());

      assertThat(asked.get(10, TimeUnit.SECONDS)).containsExactly(new SNIHostName("shop.test"));
    }
  }

  /** The server is Netty's, as the JDK's refuses such names. */
  @Test
  void sendsServerNamesWithUnderscores() throws Exception {
    var identity = authority.leaf(Certs.MONTH, "my_app.test");
    var context =
        SslContextBuilder.forServer(identity.key(), identity.chain())
            .sslProvider(SslProvider.OPENSSL)
            .build();
    var asked = new CompletableFuture<String>();
    Mapping<String, SslContext> byName =
        name -> {
          asked.complete(name);
          return context;
        };
    var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      var server =
          new ServerBootstrap()
              .group(loop)
              .channel(NioServerSocketChannel.class)
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel.pipeline().addLast(new SniHandler(byName));
                    }
                  })
              .bind("127.0.0.1", 0)
              .sync()
              .channel();

      success(run(probe, "my_app.test", ((InetSocketAddress) server.localAddress()).getPort()));

      assertThat(asked.get(10, TimeUnit.SECONDS)).isEqualTo("my_app.test");
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  @Test
  void rejectsExpiredCertificateAndReportsItsExpiry() throws IOException {
    var identity = authority.leaf(Certs.PAST, "shop.test");
    try (var server = polite(identity)) {
      var failure = failure(run(probe, "shop.test", server.port()));

      assertThat(failure.cause()).isEqualTo(Cause.TLS_EXPIRED);
      assertThat(failure.phase()).isEqualTo(Phase.TLS);
      assertThat(expiry(failure)).isEqualTo(identity.leaf().getNotAfter().toInstant());
      assertThat(failure.timings().phases()).containsOnlyKeys(Phase.RESOLVE, Phase.CONNECT);
    }
  }

  @Test
  void rejectsCertificateThatIsNotYetValid() throws IOException {
    assertCause(Cause.TLS_EXPIRED, authority.leaf(Certs.FUTURE, "shop.test"));
  }

  @Test
  void rejectsCertificateOfUntrustedAuthority() throws IOException {
    assertCause(Cause.TLS_UNTRUSTED, stranger.leaf(Certs.MONTH, "shop.test"));
  }

  @Test
  void reportsUntrustedBeforeExpired() throws IOException {
    assertCause(Cause.TLS_UNTRUSTED, stranger.leaf(Certs.PAST, "elsewhere.test"));
  }

  @Test
  void reportsExpiryBeforeName() throws IOException {
    assertCause(Cause.TLS_EXPIRED, authority.leaf(Certs.PAST, "elsewhere.test"));
  }

  @Test
  void rejectsCertificateForAnotherName() throws IOException {
    var failure = assertCause(Cause.TLS_NAME, authority.leaf(Certs.MONTH, "elsewhere.test"));

    assertThat(failure.detail())
        .isEqualTo("the certificate is for elsewhere.test, not for shop.test");
  }

  @Test
  void matchesWildcardWithOneLabel() throws IOException {
    try (var server = polite(authority.leaf(Certs.MONTH, "*.shop.test"))) {
      success(run(probe, "a.shop.test", server.port()));
      assertThat(failure(run(probe, "shop.test", server.port())).cause()).isEqualTo(Cause.TLS_NAME);
    }
  }

  @Test
  void requiresAddressInCertificate() throws IOException {
    try (var server = polite(authority.leaf(Certs.MONTH, "127.0.0.1"))) {
      success(run(probe, "127.0.0.1", server.port()));
    }
    try (var server = polite(authority.leaf(Certs.MONTH, "shop.test"))) {
      assertThat(failure(run(probe, "127.0.0.1", server.port())).cause()).isEqualTo(Cause.TLS_NAME);
    }
  }

  @Test
  void rejectsCertificateThatExpiresTooSoon() throws IOException {
    try (var server = polite(authority.leaf(Certs.MONTH, "shop.test"))) {
      success(run(probe(Duration.ofDays(29)), "shop.test", server.port()));
      assertThat(failure(run(probe(Duration.ofDays(31)), "shop.test", server.port())).cause())
          .isEqualTo(Cause.TLS_EXPIRED);
    }
  }

  @Test
  void reportsPlainTextPeerAsFailedHandshake() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              RawServer.say(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
              socket.getInputStream().read();
            })) {
      var failure = failure(run(probe, "shop.test", server.port()));

      assertThat(failure.cause()).isEqualTo(Cause.TLS_HANDSHAKE);
      assertThat(failure.phase()).isEqualTo(Phase.TLS);
      assertThat(failure.detail()).isEqualTo("the peer does not speak TLS");
    }
  }

  @Test
  void reportsMissingCommonVersionAsFailedHandshake() throws IOException {
    var settings = settings();
    var modern =
        new TlsKind()
            .create(
                tls(
                    "{ca_file: %s, min_version: tls1_3}"
                        .formatted(settings.tls().caFile().orElseThrow())),
                bench.network());
    try (var server =
        RawServer.tls(
            Certs.server(authority.leaf(Certs.MONTH, "shop.test")),
            socket -> {
              ((SSLSocket) socket).setEnabledProtocols(new String[] {"TLSv1.2"});
              ((SSLSocket) socket).startHandshake();
              socket.getInputStream().read();
            })) {
      assertThat(failure(run(modern, "shop.test", server.port())).cause())
          .isEqualTo(Cause.TLS_HANDSHAKE);
      success(run(probe, "shop.test", server.port()));
    }
  }

  @Test
  void reportsRstInHandshakeAsReset() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              socket.getInputStream().read();
              RawServer.reset(socket);
            })) {
      var failure = failure(run(probe, "shop.test", server.port()));

      assertThat(failure.cause()).isEqualTo(Cause.RESET);
      assertThat(failure.phase()).isEqualTo(Phase.TLS);
    }
  }

  @Test
  void reportsCloseInHandshakeAsReset() throws IOException {
    try (var server = RawServer.of(socket -> socket.getInputStream().readNBytes(40))) {
      assertThat(failure(run(probe, "shop.test", server.port())).cause()).isEqualTo(Cause.RESET);
    }
  }

  @Test
  void reportsSilenceInHandshakeAsTimeoutInTls() throws IOException {
    try (var server = RawServer.of(socket -> Thread.sleep(60_000))) {
      var failure =
          failure(
              await(
                  probe.run(
                      new TlsKind().target("shop.test:" + server.port(), settings()),
                      Duration.ofSeconds(1))));

      assertThat(failure.cause()).isEqualTo(Cause.TIMEOUT);
      assertThat(failure.phase()).isEqualTo(Phase.TLS);
    }
  }

  @Test
  void doesNotBlameTargetForHangingFile() throws Exception {
    try (var server = polite(authority.leaf(Certs.MONTH, "shop.test"));
        var hung = HungFile.at(files.resolve("hung.pem"))) {
      var target = new TlsKind().target("shop.test:" + server.port(), settings());

      assertThat(await(probe(Optional.of(hung.path())).run(target, Duration.ofMillis(300))))
          .satisfies(Bench::isLocalFailure);
    }
  }

  @Test
  void doesNotRunUntilMissingFileExists() throws Exception {
    var file = Certs.write(files.resolve("late.pem"), authority.root());
    var late = probe(Optional.of(file));
    Files.delete(file);
    try (var server = polite(authority.leaf(Certs.MONTH, "shop.test"))) {
      assertThat(run(late, "shop.test", server.port())).satisfies(Bench::isLocalFailure);

      Certs.write(file, authority.root());

      awaitCause(late, server.port(), "success");
    }
  }

  @Test
  void reloadsChangedCaFile() throws Exception {
    var file = Certs.write(files.resolve("rotated.pem"), authority.root());
    var rotated = probe(Optional.of(file));
    try (var server = polite(authority.leaf(Certs.MONTH, "shop.test"))) {
      success(run(rotated, "shop.test", server.port()));

      var next = Certs.write(files.resolve("next.pem"), stranger.root());
      Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

      awaitCause(rotated, server.port(), "tls_untrusted");
    }
  }

  @Test
  void presentsClientCertificateOnRequest() throws Exception {
    var client = authority.leaf(Certs.MONTH, "client.test");
    var cert = Certs.write(files.resolve("client.pem"), client.leaf());
    var key = Certs.write(files.resolve("client.key"), client.key());
    var known =
        new TlsKind()
            .create(
                tls(
                    "{ca_file: %s, cert_file: %s, key_file: %s}"
                        .formatted(settings().tls().caFile().orElseThrow(), cert, key)),
                bench.network());
    RawServer.Script demanding =
        socket -> {
          var tls = (SSLSocket) socket;
          tls.setEnabledProtocols(new String[] {"TLSv1.2"});
          tls.setNeedClientAuth(true);
          tls.startHandshake();
          tls.getInputStream().read();
        };
    try (var server =
        RawServer.tls(
            Certs.server(authority.leaf(Certs.MONTH, "shop.test"), authority), demanding)) {
      success(run(known, "shop.test", server.port()));
      assertThat(failure(run(probe, "shop.test", server.port())).cause())
          .isEqualTo(Cause.TLS_CLIENT_CERTIFICATE);
    }
  }

  @Test
  void leaksNoSocketAndNoTimer() throws IOException {
    try (var plain = RawServer.of(socket -> RawServer.say(socket, "no TLS here\r\n"));
        var expired = polite(authority.leaf(Certs.PAST, "shop.test"))) {
      run(probe, "shop.test", plain.port());
      run(probe, "shop.test", expired.port());
      var sockets = Bench.sockets();
      var timers = bench.timers();

      for (int i = 0; i < 500; i++) {
        failure(run(probe, "shop.test", plain.port()));
        failure(run(probe, "shop.test", expired.port()));
      }

      assertThat(bench.timers()).isEqualTo(timers);
      Bench.awaitSockets(sockets + 4);
    }
  }

  private static void awaitCause(Probe probe, int port, String label) throws Exception {
    var end = Instant.now().plusSeconds(20);
    while (!run(probe, "shop.test", port).label().equals(label)) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(50);
    }
  }

  private static Outcome.Failure assertCause(Cause cause, Certs.Identity identity)
      throws IOException {
    try (var server = polite(identity)) {
      var failure = failure(run(probe, "shop.test", server.port()));
      assertThat(failure.cause()).isEqualTo(cause);
      return failure;
    }
  }

  /** Shakes hands and waits for the other to leave. */
  private static RawServer polite(Certs.Identity identity) {
    return RawServer.tls(
        Certs.server(identity),
        socket -> {
          ((SSLSocket) socket).startHandshake();
          socket.getInputStream().read();
        });
  }

  private static Instant expiry(Outcome outcome) {
    return outcome.notes().stream()
        .filter(Note.CertificateExpiry.class::isInstance)
        .map(note -> ((Note.CertificateExpiry) note).notAfter())
        .findFirst()
        .orElseThrow();
  }

  private static Outcome run(Probe probe, String host, int port) {
    return await(probe.run(new Target("t", host, port, "", true), TIMEOUT));
  }

  private static TlsProbeSettings settings() {
    return settings(Optional.of(authority.rootFile(files)), Duration.ZERO);
  }

  private static TlsProbeSettings settings(Optional<Path> caFile, Duration minValidFor) {
    return tls(
        "{%s min_valid_for: %ss}"
            .formatted(
                caFile.map(file -> "ca_file: " + file + ",").orElse(""), minValidFor.toSeconds()));
  }

  private static TlsProbeSettings tls(String yaml) {
    return YamlSettings.of(TlsProbeSettings.class, yaml);
  }

  private static Probe probe(Duration minValidFor) {
    return new TlsKind().create(settings(settings().tls().caFile(), minValidFor), bench.network());
  }

  private static Probe probe(Optional<Path> caFile) {
    return new TlsKind().create(settings(caFile, Duration.ZERO), bench.network());
  }
}
