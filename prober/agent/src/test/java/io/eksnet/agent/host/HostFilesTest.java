package io.eksnet.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.ResolvConf;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostFilesTest {
  static Stream<Arguments> resolvConfs() {
    return Stream.of(
        row(
            "a pod",
            "nameserver 10.100.0.10\nsearch a.svc.cluster.local svc.cluster.local\noptions ndots:5\n",
            List.of("10.100.0.10"),
            List.of("a.svc.cluster.local", "svc.cluster.local"),
            5),
        row("nothing", "", List.of("127.0.0.1"), List.of(), 1),
        row(
            "comments",
            "# nameserver 1.1.1.1\n; nameserver 2.2.2.2\nnameserver 3.3.3.3 # mine\n",
            List.of("3.3.3.3"),
            List.of(),
            1),
        row(
            "the last of domain and search wins",
            "search a b\ndomain c\n",
            List.of("127.0.0.1"),
            List.of("c"),
            1),
        row(
            "search after domain",
            "domain c\nsearch a. b\n",
            List.of("127.0.0.1"),
            List.of("a", "b"),
            1),
        row(
            "ndots has an end",
            "options timeout:1 ndots:99 rotate\n",
            List.of("127.0.0.1"),
            List.of(),
            15),
        row("ndots 0", "options ndots:0\n", List.of("127.0.0.1"), List.of(), 0),
        row("bad ndots", "options ndots:x ndots:-1\n", List.of("127.0.0.1"), List.of(), 1),
        row(
            "IPv6 with a zone",
            "nameserver fe80::1%1\nnameserver fd00:ec2::253\n",
            List.of("fe80::1%1", "fd00:ec2::253"),
            List.of(),
            1),
        row(
            "no name as server",
            "nameserver dns.example.com\nnameserver\nnameserver 10.0.0.2\n",
            List.of("10.0.0.2"),
            List.of(),
            1),
        row(
            "three servers at most",
            "nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n",
            List.of("10.0.0.1", "10.0.0.2", "10.0.0.3"),
            List.of(),
            1),
        row(
            "tabs and Windows",
            "nameserver\t10.0.0.1\r\n  options\tndots:2\r\n",
            List.of("10.0.0.1"),
            List.of(),
            2),
        row("the root as suffix", "search .\n", List.of("127.0.0.1"), List.of(""), 1));
  }

  private static Arguments row(
      String name, String text, List<String> nameservers, List<String> search, int ndots) {
    return Arguments.of(name, text, new ResolvConf(nameservers, search, ndots));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("resolvConfs")
  void parsesResolvConfAsTheLibcDoes(String name, String text, ResolvConf conf) {
    assertThat(ResolvConfFile.parse(text)).isEqualTo(conf);
  }

  @Test
  void parsesAddressesByNameFromTheHostsFile() throws Exception {
    var hosts =
        HostsFile.parse(
            """
            127.0.0.1 localhost
            # 10.9.9.9 commented
            10.0.0.7\tShop.Example shop. # the shop
            10.0.0.8 shop
            fd00::7 shop
            not-an-address shop
            10.0.0.9
            """);
    assertThat(hosts)
        .containsOnlyKeys("localhost", "shop.example", "shop")
        .containsEntry("shop.example", List.of(address(10, 0, 0, 7)));
    assertThat(hosts.get("shop"))
        .extracting(InetAddress::getHostAddress)
        .containsExactly("10.0.0.7", "10.0.0.8", "fd00:0:0:0:0:0:0:7");
  }

  private static InetAddress address(int... bytes) throws IOException {
    return InetAddress.getByAddress(
        new byte[] {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]});
  }

  @Test
  void seesChangesAtTheNextRead(@TempDir Path dir) throws Exception {
    var conf = Files.writeString(dir.resolve("resolv.conf"), "nameserver 10.0.0.1\n");
    var hosts = Files.writeString(dir.resolve("hosts"), "10.0.0.7 shop\n");
    var files = new HostFiles(conf, hosts);
    assertThat(files.names().resolvConf().nameservers()).containsExactly("10.0.0.1");
    assertThat(files.reread()).isFalse();

    Files.writeString(conf, "nameserver 10.0.0.2\n");

    assertThat(files.names().resolvConf().nameservers()).containsExactly("10.0.0.1");
    assertThat(files.reread()).isTrue();
    assertThat(files.names().resolvConf().nameservers()).containsExactly("10.0.0.2");
    assertThat(files.names().hosts()).containsOnlyKeys("shop");
    assertThat(files.problem()).isEmpty();
  }

  @Test
  void keepsTheContentOfAFileThatIsRemovedAndReportsIt(@TempDir Path dir) throws Exception {
    var conf = Files.writeString(dir.resolve("resolv.conf"), "nameserver 10.0.0.1\n");
    var files = new HostFiles(conf, dir.resolve("hosts"));
    assertThat(files.problem()).hasValueSatisfying(p -> assertThat(p).contains("hosts"));
    Files.delete(conf);

    assertThat(files.reread()).isFalse();

    assertThat(files.names().resolvConf().nameservers()).containsExactly("10.0.0.1");
    assertThat(files.problem()).hasValueSatisfying(p -> assertThat(p).contains("resolv.conf"));
  }
}
