package io.eksnet.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class LabTest {
  @Test
  void startsHealthyButForTheBrokenOnes() {
    try (var lab = Lab.start()) {
      assertThat(lab.describe())
          .extracting(service -> service.name() + " " + service.fault().label())
          .containsExactly(
              "dns none",
              "http none",
              "https none",
              "tcp none",
              "dns-broken servfail",
              "https-broken tls_expired",
              "tcp-blocked drop");
      var dns = lab.describe("dns");
      assertThat(dns.addresses().get(0)).isEqualTo("127.0.0.1:" + lab.dns().port());
      assertThat(dns.healthy()).isTrue();
      assertThat(lab.describe("dns-broken").healthy()).isFalse();
    }
  }

  @Test
  void faultsSwitchByNameAndHealAtOnce() {
    try (var lab = Lab.start()) {
      lab.service("dns").fault("servfail");
      assertThat(lab.dns().fault()).isEqualTo(DnsFault.SERVFAIL);

      lab.heal();
      assertThat(lab.describe()).allMatch(Lab.Description::healthy);

      assertThatThrownBy(() -> lab.service("ntp"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no service \"ntp\"")
          .hasMessageContaining("dns, http");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop.lab.test. A 127.0.0.1",
        "shop.lab.test. AAAA 0:0:0:0:0:0:0:1",
        "_https._tcp.lab.test. SRV 0 1 443 shop.lab.test.",
        "txt.lab.test. TXT v=lab1",
        "web-7.pods.lab.test. A 127.0.0.1",
        "1.0.0.127.in-addr.arpa. PTR shop.lab.test.",
      })
  void nameServerKnowsTheLab(String record) throws Exception {
    var words = record.split(" ", 3);
    try (var lab = Lab.start()) {
      var question = Record.newRecord(Name.fromString(words[0]), Type.value(words[1]), DClass.IN);
      var answer = new SimpleResolver(lab.dns().address()).send(Message.newQuery(question));
      assertThat(answer.getSection(Section.ANSWER))
          .extracting(Record::rdataToString)
          .containsExactly(words[2]);
    }
  }

  @Test
  void everyFaultHasALabelAndAMeaning() {
    try (var lab = Lab.start()) {
      for (var service : lab.describe()) {
        assertThat(service.faults()).extracting(Fault::label).doesNotHaveDuplicates();
        assertThat(service.faults())
            .extracting(Fault::label)
            .allMatch(l -> l.matches("[a-z0-9_]+"));
        assertThat(service.faults()).extracting(Fault::meaning).noneMatch(String::isBlank);
        assertThat(service.faults().get(0).label()).isEqualTo("none");
      }
    }
  }

  @Test
  void takenPortStopsTheLabAndLeavesNothingOpen() throws Exception {
    await(() -> threads().isEmpty());
    var before = threads();
    try (var taken = new ServerSocket(0, 1, Bind.on(0, "127.0.0.1").addresses().get(0))) {
      var ports = new Lab.Ports(0, 0, 0, 0, 0, 0, taken.getLocalPort());
      assertThatThrownBy(() -> Lab.start(ports))
          .hasMessageContaining("cannot listen on port " + taken.getLocalPort());
    }
    await(() -> threads().equals(before));
    assertThat(threads()).isEqualTo(before);
  }

  @Test
  void closeLeavesNoThreadsAndNoSockets() throws Exception {
    Lab.start().close();
    await(() -> threads().isEmpty());
    var threads = threads();
    long sockets = sockets();

    for (int i = 0; i < 3; i++) {
      var lab = Lab.start();
      var page = ControlPage.start(lab, 0, List.of(), null);
      lab.service("http").fault("drop");
      lab.service("dns").fault("refuse");
      page.close();
      lab.close();
    }

    await(() -> threads().equals(threads) && sockets() <= sockets);
    assertThat(threads()).isEqualTo(threads);
    assertThat(sockets()).isLessThanOrEqualTo(sockets);
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.call() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("lab-") || name.startsWith("HTTP-Dispatcher"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long sockets() throws Exception {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(LabTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
