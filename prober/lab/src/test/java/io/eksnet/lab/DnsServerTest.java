package io.eksnet.lab;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

class DnsServerTest {
  private static final String ZONE =
      """
      $ORIGIN lab.test.
      @ SOA ns.lab.test. hostmaster.lab.test. 7 3600 600 86400 5
      www A 127.0.0.1
      www AAAA ::1
      alias CNAME www
      _sip._tcp SRV 1 2 5060 www
      *.wild A 127.0.0.9
      txt TXT "hello"
      """;

  private DnsServer server;

  @BeforeEach
  void start() {
    server = DnsServer.start(Zone.of(ZONE));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void healthyServerAnswersFromItsZoneOverBothTransports() throws IOException {
    for (boolean tcp : new boolean[] {false, true}) {
      var answer = resolve("www.lab.test.", Type.A, tcp);

      assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
      assertThat(answers(answer)).containsExactly("www.lab.test. A 127.0.0.1");
    }
    assertThat(server.udpQueries()).isEqualTo(1);
    assertThat(server.tcpQueries()).isEqualTo(1);
    assertThat(server.recentQueries())
        .containsExactly(
            new DnsServer.Query(false, "www.lab.test.", "A"),
            new DnsServer.Query(true, "www.lab.test.", "A"));
  }

  @Test
  void bothFamiliesAreServedOnOnePort() throws IOException {
    for (var address : server.addresses()) {
      assertThat(address.getPort()).isEqualTo(server.port());
      var resolver = new SimpleResolver(address);
      assertThat(answers(resolver.send(query("www.lab.test.", Type.AAAA))))
          .containsExactly("www.lab.test. AAAA 0:0:0:0:0:0:0:1");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "alias.lab.test., A, alias.lab.test. CNAME www.lab.test.|www.lab.test. A 127.0.0.1",
    "_sip._tcp.lab.test., SRV, _sip._tcp.lab.test. SRV 1 2 5060 www.lab.test.",
    "any.wild.lab.test., A, any.wild.lab.test. A 127.0.0.9",
    "a.b.wild.lab.test., A, a.b.wild.lab.test. A 127.0.0.9",
  })
  void answersAsAnAuthority(String name, String type, String expected) throws IOException {
    assertThat(String.join("|", answers(resolve(name, Type.value(type), false))))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "nowhere.lab.test., A, 3",
    "www.lab.test., MX, 0",
    "_tcp.lab.test., A, 0",
    "wild.lab.test., A, 0",
    "any.wild.lab.test., AAAA, 0",
  })
  void denialsCarryTheStartOfAuthority(String name, String type, int rcode) throws IOException {
    var answer = resolve(name, Type.value(type), false);

    assertThat(answer.getRcode()).isEqualTo(rcode);
    assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    assertThat(answer.getSection(Section.AUTHORITY)).hasSize(1);
    assertThat(answer.getSection(Section.AUTHORITY).get(0).getName()).hasToString("lab.test.");
  }

  @Test
  void answerTooLongForUdpIsCutAndWholeOverTcp() throws IOException {
    server.zone(Zone.of("long.lab.test. TXT " + "\"%s\" ".formatted("x".repeat(250)).repeat(8)));

    var cut = exchange(query("long.lab.test.", Type.TXT));
    assertThat(new Message(cut).getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(answers(resolve("long.lab.test.", Type.TXT, true))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "SERVFAIL, 2",
    "REFUSED, 5",
    "FORMERR, 1",
    "NXDOMAIN, 3",
    "NODATA, 0",
  })
  void negativeFaultsAnswerWithTheirRcode(DnsFault fault, int rcode) throws IOException {
    server.fault(fault);

    for (boolean tcp : new boolean[] {false, true}) {
      var answer = resolve("www.lab.test.", Type.A, tcp);
      assertThat(answer.getRcode()).isEqualTo(rcode);
      assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    }
  }

  @Test
  void refuseClosesThePortAndNoneOpensItAgain() throws IOException {
    for (int i = 0; i < 3; i++) {
      server.fault(DnsFault.REFUSE);
      for (var address : server.addresses()) {
        assertThatThrownBy(() -> exchange(address, query("www.lab.test.", Type.A)))
            .isInstanceOf(PortUnreachableException.class);
        assertThatThrownBy(() -> connect(address).close())
            .isInstanceOf(java.net.ConnectException.class);
      }
      server.fault(DnsFault.NONE);
      for (var address : server.addresses()) {
        assertThat(new Message(exchange(address, query("www.lab.test.", Type.A))).getRcode())
            .isEqualTo(Rcode.NOERROR);
        assertThat(overNewConnection(address, query("www.lab.test.", Type.A)).getRcode())
            .isEqualTo(Rcode.NOERROR);
      }
    }
  }

  @Test
  void dropSendsNothingOverEitherTransport() {
    server.fault(DnsFault.DROP);

    assertThatThrownBy(() -> exchange(query("www.lab.test.", Type.A)))
        .isInstanceOf(SocketTimeoutException.class);
    assertThatThrownBy(() -> connect(server.address()).close())
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(server.udpQueries()).isEqualTo(1);
  }

  @Test
  void dropFirstLosesEveryOtherQueryOfAName() throws IOException {
    server.fault(DnsFault.DROP_FIRST);

    for (var name : List.of("www.lab.test.", "txt.lab.test.", "www.lab.test.")) {
      assertThatThrownBy(() -> exchange(query(name, Type.A)))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(new Message(exchange(query(name, Type.A))).getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }

  @Test
  void delayHoldsTheAnswerBack() throws IOException {
    server.delay(ofMillis(300));
    server.fault(DnsFault.DELAY);

    long start = System.nanoTime();
    resolve("www.lab.test.", Type.A, false);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(ofMillis(299).toNanos());
  }

  @Test
  void truncateIsCutOverUdpAndWholeOverTcp() throws IOException {
    server.fault(DnsFault.TRUNCATE);

    assertCut();
    assertThat(answers(resolve("www.lab.test.", Type.A, true)))
        .containsExactly("www.lab.test. A 127.0.0.1");
  }

  @Test
  void truncateTcpRefusedIsCutWithTheTcpPortClosed() throws IOException {
    server.fault(DnsFault.TRUNCATE_TCP_REFUSED);

    assertCut();
    assertThatThrownBy(() -> connect(server.address()).close())
        .isInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void truncateTcpDroppedIsCutWithTheTcpPortSilent() throws IOException {
    server.fault(DnsFault.TRUNCATE_TCP_DROPPED);

    assertCut();
    assertThatThrownBy(() -> connect(server.address()).close())
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void tcpResetBreaksOffAtTheQuery() throws IOException {
    server.fault(DnsFault.TCP_RESET);

    assertCut();
    try (var socket = connect(server.address())) {
      var wire = query("www.lab.test.", Type.A).toWire();
      socket.getOutputStream().write(new byte[] {0, (byte) wire.length});
      socket.getOutputStream().write(wire);
      assertThatThrownBy(() -> new DataInputStream(socket.getInputStream()).readShort())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void wrongAnswerIsARecordOfTheTypeAskedFor() throws IOException {
    server.fault(DnsFault.WRONG_ANSWER);

    assertThat(answers(resolve("www.lab.test.", Type.A, false)))
        .containsExactly("www.lab.test. A 192.0.2.1");
    assertThat(answers(resolve("_sip._tcp.lab.test.", Type.SRV, true)))
        .containsExactly("_sip._tcp.lab.test. SRV 0 0 9 wrong.invalid.");
  }

  @Test
  void wrongIdAnswersAnotherQuery() throws IOException {
    server.fault(DnsFault.WRONG_ID);

    var query = query("www.lab.test.", Type.A);
    var answer = new Message(exchange(query));
    assertThat(answer.getHeader().getID()).isNotEqualTo(query.getHeader().getID());
    assertThat(answers(answer)).containsExactly("www.lab.test. A 127.0.0.1");
  }

  @Test
  void wrongIdFirstSendsAForgeryBeforeTheAnswer() throws IOException {
    server.fault(DnsFault.WRONG_ID_FIRST);

    var query = query("www.lab.test.", Type.A);
    try (var socket = ask(server.address(), query)) {
      var forgery = new Message(receive(socket));
      var answer = new Message(receive(socket));
      assertThat(forgery.getHeader().getID()).isNotEqualTo(query.getHeader().getID());
      assertThat(answers(forgery)).containsExactly("www.lab.test. A 192.0.2.1");
      assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
      assertThat(answers(answer)).containsExactly("www.lab.test. A 127.0.0.1");
    }
  }

  @Test
  void wrongQuestionAnswersAnotherQuestion() throws IOException {
    server.fault(DnsFault.WRONG_QUESTION);

    var query = query("www.lab.test.", Type.A);
    var answer = new Message(exchange(query));
    assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
    assertThat(answer.getQuestion().getName()).hasToString("another-question.invalid.");
  }

  @Test
  void wrongSourceAnswersFromAnotherPort() throws IOException {
    server.fault(DnsFault.WRONG_SOURCE);

    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(5000);
      var wire = query("www.lab.test.", Type.A).toWire();
      socket.send(new DatagramPacket(wire, wire.length, server.address()));
      var packet = new DatagramPacket(new byte[512], 512);
      socket.receive(packet);
      assertThat(packet.getPort()).isNotEqualTo(server.port());
    }
  }

  @Test
  void garbageIsNotDns() {
    server.fault(DnsFault.GARBAGE);

    assertThatThrownBy(() -> new Message(exchange(query("www.lab.test.", Type.A))))
        .isInstanceOf(WireParseException.class);
  }

  @Test
  void compressionLoopIsRefusedByAParser() throws IOException {
    server.fault(DnsFault.COMPRESSION_LOOP);

    var query = query("www.lab.test.", Type.A);
    var wire = exchange(query);
    assertThat(((wire[0] & 0xff) << 8) | (wire[1] & 0xff)).isEqualTo(query.getHeader().getID());
    assertThatThrownBy(() -> new Message(wire))
        .isInstanceOf(WireParseException.class)
        .hasMessageContaining("compression");
  }

  @Test
  void noiseFromAClientDoesNotStopTheServer() throws IOException {
    try (var socket = new DatagramSocket()) {
      for (int length : new int[] {0, 1, 12, 400}) {
        socket.send(new DatagramPacket(new byte[length], length, server.address()));
      }
    }
    assertThat(resolve("www.lab.test.", Type.A, false).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void faultsSwitchByLabelAndAWrongLabelNamesTheRightOnes() {
    server.fault("truncate_tcp_refused");
    assertThat(server.fault()).isEqualTo(DnsFault.TRUNCATE_TCP_REFUSED);

    assertThatThrownBy(() -> server.fault("sevfail"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no fault \"sevfail\"")
        .hasMessageContaining("servfail");
  }

  private void assertCut() throws IOException {
    var cut = new Message(exchange(query("www.lab.test.", Type.A)));
    assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(cut.getSection(Section.ANSWER)).isEmpty();
  }

  private Message resolve(String name, int type, boolean tcp) throws IOException {
    var resolver = new SimpleResolver(server.address());
    resolver.setTCP(tcp);
    resolver.setTimeout(ofSeconds(5));
    return resolver.send(query(name, type));
  }

  /** The resolver would keep its connection, which a server that refuses has closed. */
  private static Message overNewConnection(InetSocketAddress server, Message query)
      throws IOException {
    try (var socket = connect(server)) {
      var wire = query.toWire();
      var out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(wire.length);
      out.write(wire);
      var in = new DataInputStream(socket.getInputStream());
      return new Message(in.readNBytes(in.readUnsignedShort()));
    }
  }

  private static List<String> answers(Message message) {
    return message.getSection(Section.ANSWER).stream()
        .map(r -> r.getName() + " " + Type.string(r.getType()) + " " + r.rdataToString())
        .toList();
  }

  private static Message query(String name, int type) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
  }

  private byte[] exchange(Message query) throws IOException {
    return exchange(server.address(), query);
  }

  private static byte[] exchange(InetSocketAddress server, Message query) throws IOException {
    try (var socket = ask(server, query)) {
      return receive(socket);
    }
  }

  private static DatagramSocket ask(InetSocketAddress server, Message query) throws IOException {
    var socket = new DatagramSocket();
    socket.setSoTimeout(1000);
    socket.connect(server);
    var wire = query.toWire();
    socket.send(new DatagramPacket(wire, wire.length));
    return socket;
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    var packet = new DatagramPacket(new byte[4096], 4096);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    var socket = new Socket();
    try {
      socket.connect(address, 500);
      socket.setSoTimeout(5000);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
