package io.eksnet.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.YamlSettings;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The probe and BIND's named, a server that none of us wrote, understand each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class NamedTest {
  private static final Path NAMED = Path.of("/usr/sbin/named");
  private static final String ZONE =
      """
      $TTL 60
      @      IN SOA  ns.test. admin.test. 1 3600 600 86400 60
      @      IN NS   ns
      @      IN MX   10 mail
      ns     IN A    127.0.0.1
      shop   IN A    10.0.0.1
      shop   IN A    10.0.0.2
      shop   IN AAAA fd00::1
      alias  IN CNAME shop
      _db._tcp IN SRV 10 20 5432 db
      db     IN A    10.0.0.5
      text   IN TXT  "one \\"quoted\\"" "two"
      1.0.0.10 IN PTR shop
      """;

  @TempDir static Path dir;
  private Network network;
  private Process named;
  private int port;

  @BeforeAll
  void start() throws Exception {
    assertThat(NAMED).as("the real name server; on Debian: apt-get install bind9").isExecutable();
    network = Network.open();
    port = freePort();
    var big =
        IntStream.range(0, 100)
            .mapToObj(i -> "big IN TXT \"" + "x".repeat(60) + i + "\"\n")
            .collect(Collectors.joining());
    Files.writeString(dir.resolve("test.zone"), ZONE + big);
    Files.writeString(dir.resolve("named.conf"), conf());
    named =
        new ProcessBuilder(NAMED.toString(), "-g", "-n", "1", "-c", dir.resolve("named.conf") + "")
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("log").toFile())
            .start();
    awaitAnswer();
  }

  private String conf() {
    return """
        options {
          directory "%1$s"; pid-file none; session-keyfile "%1$s/session.key";
          listen-on port %2$d { 127.0.0.1; }; listen-on-v6 { none; };
          recursion no; dnssec-validation no; allow-query { any; }; notify no;
          managed-keys-directory "%1$s"; max-udp-size 1232; minimal-responses yes;
        };
        controls { };
        zone "test" { type primary; file "test.zone"; };
        zone "in-addr.arpa" { type primary; file "test.zone"; };
        """
        .formatted(dir, port);
  }

  private static int freePort() throws IOException {
    var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (var tcp = new ServerSocket(0, 1, loopback);
        var udp = new DatagramSocket(tcp.getLocalPort(), loopback)) {
      return udp.getLocalPort();
    }
  }

  private void awaitAnswer() throws IOException {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!run(DnsSettings.of("shop.test", "A")).succeeded()) {
      assertThat(named.isAlive() && System.nanoTime() < end).as(() -> log()).isTrue();
    }
  }

  private String log() {
    try {
      return Files.readString(dir.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @AfterAll
  void stop() throws Exception {
    if (named != null) {
      named.destroy();
      named.waitFor();
    }
    network.close();
  }

  private Outcome run(DnsSettings settings) {
    return new DnsKind()
        .create(settings, network)
        .run(Target.of("named", "127.0.0.1", port), Duration.ofSeconds(5))
        .await();
  }

  @ParameterizedTest
  @CsvSource({
    "shop.test, A, ^10\\.0\\.0\\.2$, udp",
    "shop.test, A, ^10\\.0\\.0\\.1$, tcp",
    "shop.test, AAAA, ^fd00:, udp",
    "alias.test, A, ^10\\.0\\.0\\.1$, udp",
    "alias.test, CNAME, ^shop\\.test\\.$, udp",
    "_db._tcp.test, SRV, ^10 20 5432 db\\.test\\.$, udp",
    "text.test, TXT, '^\"one \\\\\"quoted\\\\\"\" \"two\"$', udp",
    "test, MX, ^10 mail\\.test\\.$, udp",
    "test, NS, ^ns\\.test\\.$, udp",
    "test, SOA, ' 3600 600 86400 60$', tcp",
    "10.0.0.1, PTR, ^shop\\.in-addr\\.arpa\\.$, udp",
  })
  void parsesAllRecordTypes(String query, String type, String pattern, String proto) {
    var expect = YamlSettings.of(DnsExpect.class, "answers: ['" + pattern + "']");
    var settings = DnsSettings.of(query, type).expecting(expect);
    var outcome = run(proto.equals("tcp") ? settings.overTcp() : settings);
    assertThat(outcome.succeeded()).as("%s", outcome).isTrue();
  }

  @Test
  void repeatsTruncatedQueriesOverTcp() {
    var expect = DnsExpect.of("NOERROR", 100);
    var outcome = run(DnsSettings.of("big.test", "TXT").expecting(expect));
    assertThat(outcome.succeeded()).as("%s", outcome).isTrue();
    assertThat(outcome.notes()).contains(new Note.Truncated());
  }

  @ParameterizedTest
  @CsvSource({
    "gone.test, A, nxdomain",
    "db.test, AAAA, nodata",
    "example.com, A, refused_rcode",
  })
  void mapsMissingRecordsToCauses(String query, String type, String label) {
    assertThat(run(DnsSettings.of(query, type)).label()).isEqualTo(label);
  }
}
