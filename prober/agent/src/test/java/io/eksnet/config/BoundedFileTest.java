package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BoundedFileTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"0, true", "1024, true", "1025, false", "2000000, false"})
  void readsUpToTheLimit(int length, boolean fits) throws IOException {
    var file = Files.write(directory.resolve("f"), new byte[length]);
    var bounded = new BoundedFile(file, 1_024);

    if (fits) {
      assertThat(bounded.read()).hasSize(length);
    } else {
      assertThatThrownBy(bounded::read)
          .isInstanceOf(IOException.class)
          .hasMessage("it is larger than 1 KiB");
    }
  }

  @Test
  void rejectsAnEndlessFile() {
    assertThatThrownBy(() -> new BoundedFile(Path.of("/dev/zero"), 1_024).read())
        .hasMessage("it is larger than 1 KiB");
  }

  @Test
  void failsForAMissingFile() {
    assertThatThrownBy(() -> new BoundedFile(directory.resolve("none"), 10).read())
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void givesUpOnAFifoAndBoundsTheBlockedThreads() throws Exception {
    var fifo = fifo("fifo");
    for (var i = 0; i < 4; i++) {
      assertThatThrownBy(() -> new BoundedFile(fifo, 10, SHORT).read())
          .hasMessage("no end after 50ms; is it a regular file?");
    }
    assertThatThrownBy(() -> new BoundedFile(fifo, 10, SHORT).read())
        .hasMessage("earlier reads are still blocked; is it a regular file?");

    var other = Files.writeString(directory.resolve("other"), "a");
    assertThat(new BoundedFile(other, 10).read()).asString(StandardCharsets.UTF_8).isEqualTo("a");
    try (var writer = Files.newOutputStream(fifo)) {
      writer.write('x'); // ends the blocked threads
    }
  }

  /** Many probes may read the same certificate at the same time. */
  @Test
  void readsOneFileAsOftenAtTheSameTimeAsDemanded() throws Exception {
    var file = Files.write(directory.resolve("shared"), new byte[100_000]);
    var reads =
        IntStream.range(0, 64)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            return new BoundedFile(file, 100_000).read().length;
                          } catch (IOException e) {
                            throw new UncheckedIOException(e);
                          }
                        },
                        command -> new Thread(command).start()))
            .toList();

    assertThat(reads).allSatisfy(read -> assertThat(read.get()).isEqualTo(100_000));
  }

  @Test
  void readsAFileAgainThatWasBlocked() throws Exception {
    var fifo = fifo("fifo");
    for (var i = 0; i < 4; i++) {
      assertThatThrownBy(() -> new BoundedFile(fifo, 10, SHORT).read())
          .hasMessageContaining("no end after");
    }
    try (var writer = Files.newOutputStream(fifo)) {
      writer.write('x'); // ends the blocked threads
    }
    Files.delete(fifo);
    Files.writeString(fifo, "a");

    var deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < deadline) {
      try {
        assertThat(new BoundedFile(fifo, 10).read()).hasSize(1);
        return;
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("earlier reads are still blocked");
        Thread.onSpinWait();
      }
    }
    throw new AssertionError("the file is never read again");
  }

  private Path fifo(String name) throws Exception {
    var fifo = directory.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    return fifo;
  }
}
