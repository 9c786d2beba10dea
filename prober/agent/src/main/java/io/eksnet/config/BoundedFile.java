package io.eksnet.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads a file that may be endless or may never answer, such as a device, a FIFO or a file of a
 * network file system: at most {@code maxBytes}, and for at most {@code timeout}. A thread that is
 * still blocked then is left alone, because opening a file cannot be interrupted.
 */
public final class BoundedFile {
  /** How long a read may take. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /** Reads of one file that may be blocked at the same time. */
  private static final int MAX_BLOCKED = 4;

  /** By file and for the whole process, because that is what blocked threads belong to. */
  private static final Map<Path, Semaphore> READERS = new ConcurrentHashMap<>();

  private final Path path;
  private final int maxBytes;
  private final Duration timeout;
  private final Semaphore readers;

  public BoundedFile(Path path, int maxBytes) {
    this(path, maxBytes, DEFAULT_TIMEOUT);
  }

  BoundedFile(Path path, int maxBytes, Duration timeout) {
    this.path = path;
    this.maxBytes = maxBytes;
    this.timeout = timeout;
    readers = READERS.computeIfAbsent(path, file -> new Semaphore(MAX_BLOCKED));
  }

  /** The content; fails if it is too large or takes too long. Blocks for up to the timeout. */
  public byte[] read() throws IOException {
    if (!readers.tryAcquire()) {
      throw new IOException("earlier reads are still blocked; is it a regular file?");
    }
    var content = new CompletableFuture<byte[]>();
    var reader =
        new Thread(
            () -> {
              try {
                content.complete(readNow());
              } catch (IOException | RuntimeException | Error e) {
                content.completeExceptionally(e);
              } finally {
                readers.release();
              }
            },
            "file-reader");
    reader.setDaemon(true);
    reader.start();
    return await(content);
  }

  private byte[] readNow() throws IOException {
    try (var in = Files.newInputStream(path)) {
      var bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new IOException("it is larger than " + maxBytes / 1_024 + " KiB");
      }
      return bytes;
    }
  }

  private byte[] await(CompletableFuture<byte[]> content) throws IOException {
    try {
      return content.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException(
          "no end after " + Durations.text(timeout) + "; is it a regular file?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
