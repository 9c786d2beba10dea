package io.eksnet.probe.net;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on loopback, UDP and TCP on one port, that answers as the test defines. */
public final class LoopbackDns implements AutoCloseable {
  /** What to do with a query. */
  public interface Behaviour {
    void answer(Query query) throws Exception;
  }

  /** A query that came in. */
  public final class Query {
    private final byte[] wire;
    private final boolean tcp;
    private final Sender sender;

    private Query(byte[] wire, boolean tcp, Sender sender) {
      this.wire = wire;
      this.tcp = tcp;
      this.sender = sender;
    }

    public boolean tcp() {
      return tcp;
    }

    /** How many queries came so far, this one included. */
    public int number() {
      return received.size();
    }

    public Message message() {
      return parsed(wire);
    }

    public Name name() {
      return message().getQuestion().getName();
    }

    public int type() {
      return message().getQuestion().getType();
    }

    /** An answer to this query, yet to be filled and sent. */
    public Message answer(int rcode, String... records) {
      var answer = new Message(message().getHeader().getID());
      answer.getHeader().setFlag(Flags.QR);
      answer.getHeader().setFlag(Flags.RA);
      answer.getHeader().setRcode(rcode);
      answer.addRecord(message().getQuestion(), Section.QUESTION);
      for (var line : records) {
        answer.addRecord(parse(line, name()), Section.ANSWER);
      }
      return answer;
    }

    public void reply(int rcode, String... records) throws IOException {
      send(answer(rcode, records).toWire());
    }

    public void send(byte[] bytes) throws IOException {
      sender.send(bytes);
    }

    /** Bytes on a TCP connection without the length before them; nothing on UDP. */
    public void sendRaw(byte[] bytes) throws IOException {
      sender.sendRaw(bytes);
    }

    /** Sends from a socket that is not the server's. */
    public void sendFromElsewhere(byte[] bytes) throws IOException {
      sender.sendFromElsewhere(bytes);
    }
  }

  private interface Sender {
    void send(byte[] bytes) throws IOException;

    default void sendRaw(byte[] bytes) throws IOException {}

    default void sendFromElsewhere(byte[] bytes) throws IOException {}
  }

  private final Behaviour behaviour;
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final InetSocketAddress address;
  private final List<Message> received = new CopyOnWriteArrayList<>();
  private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Thread datagrams = thread(this::datagrams);
  private final Thread connecting = thread(this::connections);

  private LoopbackDns(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    this.udp = new DatagramSocket(0, loopback);
    this.address = new InetSocketAddress(loopback, udp.getLocalPort());
    this.tcp = new ServerSocket(address.getPort(), 50, loopback);
  }

  /** A server that does this with every query. */
  public static LoopbackDns that(Behaviour behaviour) {
    for (var attempt = 0; ; attempt++) {
      try {
        var server = new LoopbackDns(behaviour);
        server.datagrams.start();
        server.connecting.start();
        return server;
      } catch (IOException e) {
        if (attempt == 20) {
          throw new UncheckedIOException("no port is free for both UDP and TCP", e);
        }
      }
    }
  }

  /** A server that answers everything with these records. */
  public static LoopbackDns answering(String... records) {
    return that(query -> query.reply(Rcode.NOERROR, records));
  }

  /** A server that sends nothing. */
  public static LoopbackDns silent() {
    return that(query -> {});
  }

  /** A record from "A 10.0.0.1" of this name, or from "other.example. A 10.0.0.1". */
  private static Record parse(String line, Name name) {
    try {
      var words = line.split(" ", 2);
      return Type.value(words[0]) >= 0 && !words[0].endsWith(".")
          ? Record.fromString(name, Type.value(words[0]), DClass.IN, 30, words[1], Name.root)
          : parse(words[1], Name.fromString(words[0], Name.root));
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  public int port() {
    return address.getPort();
  }

  /** All queries so far. */
  public List<Message> received() {
    return received;
  }

  /** The ports that UDP queries came from. */
  public Set<Integer> ports() {
    return ports;
  }

  /** Stops listening on TCP only; later connections are refused. */
  public LoopbackDns withoutTcp() {
    close(tcp);
    join(connecting);
    return this;
  }

  @Override
  public void close() {
    stop();
  }

  /** Stops listening; later queries are refused. */
  public void stop() {
    udp.close();
    join(datagrams);
    withoutTcp();
    connections.forEach(LoopbackDns::close);
  }

  private static void close(java.io.Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A socket that a thread waits on is closed only when the thread has gone. */
  private static void join(Thread thread) {
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread thread(Runnable work) {
    var thread = new Thread(work, "loopback-dns");
    thread.setDaemon(true);
    return thread;
  }

  private void datagrams() {
    while (!udp.isClosed()) {
      try {
        var packet = new DatagramPacket(new byte[65_535], 65_535);
        udp.receive(packet);
        ports.add(packet.getPort());
        var wire = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
        received.add(parsed(wire));
        behaviour.answer(new Query(wire, false, new UdpSender(packet)));
      } catch (Exception e) {
        complain(e, udp.isClosed());
      }
    }
  }

  private final class UdpSender implements Sender {
    private final DatagramPacket query;

    UdpSender(DatagramPacket query) {
      this.query = query;
    }

    @Override
    public void send(byte[] bytes) throws IOException {
      udp.send(new DatagramPacket(bytes, bytes.length, query.getSocketAddress()));
    }

    @Override
    public void sendFromElsewhere(byte[] bytes) throws IOException {
      try (var other = new DatagramSocket(0, address.getAddress())) {
        other.send(new DatagramPacket(bytes, bytes.length, query.getSocketAddress()));
      }
    }
  }

  private void connections() {
    while (!tcp.isClosed()) {
      try {
        var socket = tcp.accept();
        connections.add(socket);
        thread(() -> serve(socket)).start();
      } catch (IOException e) {
        complain(e, tcp.isClosed());
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new DataInputStream(socket.getInputStream());
      var wire = new byte[in.readUnsignedShort()];
      in.readFully(wire);
      received.add(parsed(wire));
      behaviour.answer(new Query(wire, true, new TcpSender(socket)));
    } catch (Exception e) {
      complain(e, true);
    } finally {
      connections.remove(socket);
    }
  }

  private static final class TcpSender implements Sender {
    private final Socket socket;

    TcpSender(Socket socket) {
      this.socket = socket;
    }

    @Override
    public void send(byte[] bytes) throws IOException {
      var framed = new java.io.ByteArrayOutputStream();
      new DataOutputStream(framed).writeShort(bytes.length);
      framed.write(bytes);
      sendRaw(framed.toByteArray());
    }

    @Override
    public void sendRaw(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }
  }

  private static void complain(Exception e, boolean expected) {
    if (!expected) {
      e.printStackTrace();
    }
  }

  private static Message parsed(byte[] wire) {
    try {
      return new Message(wire);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
