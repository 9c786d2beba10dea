package io.eksnet.lab;

import com.sun.net.httpserver.HttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Stands in for eksnet: becomes ready, and notes its arguments and that it was drained. */
final class FakeEksnet {
  private FakeEksnet() {}

  /** The first argument is the directory for notes, the others are eksnet's. */
  public static void main(String[] args) throws Exception {
    var notes = Path.of(args[0]);
    var arguments = List.of(args).subList(1, args.length);
    Files.write(notes.resolve("arguments"), arguments);
    var address =
        arguments.stream()
            .filter(argument -> argument.startsWith("--web.listen-address=127.0.0.1:"))
            .findFirst()
            .orElseThrow();
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    var server = HttpServer.create(Bind.on(port, "127.0.0.1").sockets().get(0), 0);
    server.createContext(
        "/-/ready",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.createContext(
        "/quit",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
          Runtime.getRuntime().halt(7);
        });
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> note(notes)));
  }

  private static void note(Path notes) {
    try {
      Thread.sleep(300);
      Files.writeString(notes.resolve("drained"), "yes");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
