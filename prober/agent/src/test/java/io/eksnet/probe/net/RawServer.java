package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** A server that does with each connection what a test wants; a thread each. */
public final class RawServer implements AutoCloseable {
  /** What to do with a connection; it is closed afterwards. */
  public interface Script {
    void play(Socket socket) throws Exception;
  }

  private final ServerSocket listener;
  private final Script script;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  private RawServer(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
    var thread = new Thread(this::accept, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  public static RawServer on(String address, int port, Script script) {
    try {
      return new RawServer(
          new ServerSocket(port, 1000, AddressLiteral.parse(address).orElseThrow()), script);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  public static RawServer of(Script script) {
    return on("127.0.0.1", 0, script);
  }

  public static RawServer tls(SSLContext context, Script script) {
    try {
      return new RawServer(
          context
              .getServerSocketFactory()
              .createServerSocket(0, 1000, AddressLiteral.parse("127.0.0.1").orElseThrow()),
          script);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Answers every request with these bytes and closes. */
  public static Script answer(String response) {
    return socket -> {
      request(socket.getInputStream());
      say(socket, response);
    };
  }

  /** Ends the connection with an RST instead of a FIN. */
  public static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  public static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Reads a request without a body, to the empty line. */
  public static String request(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        break;
      }
      text.append((char) c);
    }
    return text.toString();
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Keeps for the test what a connection brought. */
  public void record(String text) {
    requests.add(text);
  }

  public List<String> requests() {
    return requests;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        open.add(socket);
        var thread = new Thread(() -> play(socket), "raw-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void play(Socket socket) {
    try (socket) {
      script.play(socket);
    } catch (Exception e) {
      // The probe hung up, as it may.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
