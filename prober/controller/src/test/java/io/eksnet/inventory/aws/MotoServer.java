package io.eksnet.inventory.aws;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** moto, an emulator of AWS by others, in a process of its own. */
final class MotoServer implements AutoCloseable {
  private static final int START_SECONDS = 60;

  private final Process process;
  private final int port;

  private MotoServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Empty where it is not installed, or does not run. */
  static Optional<MotoServer> start() throws Exception {
    var program = program();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    var port = freePort();
    var builder =
        new ProcessBuilder(program.get().toString(), "-H", "127.0.0.1", "-p", "" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("AWS_DEFAULT_REGION", FakeAws.REGION);
    var server = new MotoServer(builder.start(), port);
    if (server.listens()) {
      return Optional.of(server);
    }
    server.close();
    return Optional.empty();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  private boolean listens() throws InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        return true;
      } catch (IOException notYet) {
        Thread.sleep(100);
      }
    }
    return false;
  }

  private static Optional<Path> program() {
    return Arrays.stream(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
        .map(folder -> Path.of(folder, "moto_server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
