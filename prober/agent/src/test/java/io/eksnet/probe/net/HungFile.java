package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A file whose content never comes, as on a volume that hangs; a pipe that nobody writes to. */
public record HungFile(Path path) implements AutoCloseable {
  /** A file of this name that hangs until it is closed. */
  public static HungFile at(Path path) throws IOException, InterruptedException {
    var made = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor();
    assertThat(made).isZero();
    return new HungFile(path);
  }

  /** Ends the wait of its reader. */
  @Override
  public void close() throws IOException {
    new RandomAccessFile(path.toFile(), "rw").close();
  }
}
