package io.eksnet.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads a file that may be endless or may never answer, such as a device, a FIFO or a file of a
 * network file system: at most {@code maxBytes}, and for at most {@code timeout}. A thread that is
 * still blocked then is left alone, because opening a file cannot be interrupted.
 */
public final class BoundedFile {
  /** How long a read may take. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /** Reads of one file that may have exceeded their time and be blocked still. */
  private static final int MAX_BLOCKED = 4;

  /** By file and for the whole process, because that is what blocked threads belong to. */
  private static final Map<Path, AtomicInteger> BLOCKED = new ConcurrentHashMap<>();

  private final Path path;
  private final int maxBytes;
  private final Duration timeout;
  private final AtomicInteger blocked;

  public BoundedFile(Path path, int maxBytes) {
    this(path, maxBytes, DEFAULT_TIMEOUT);
  }

  BoundedFile(Path path, int maxBytes, Duration timeout) {
    this.path = path;
    this.maxBytes = maxBytes;
    this.timeout = timeout;
    blocked = BLOCKED.computeIfAbsent(path, file -> new AtomicInteger());
  }

  /** The content; fails if it is too large or takes too long. Blocks for up to the timeout. */
  public byte[] read() throws IOException {
    if (blocked.get() >= MAX_BLOCKED) {
      throw new IOException("earlier reads are still blocked; is it a regular file?");
    }
    var content = new CompletableFuture<byte[]>();
    var reader =
        new Thread(
            () -> {
              if (!complete(content)) {
                blocked.decrementAndGet();
              }
            },
            "file-reader");
    reader.setDaemon(true);
    reader.start();
    return await(content);
  }

  /** Reads the content; returns false if the read took too long. */
  private boolean complete(CompletableFuture<byte[]> content) {
    try {
      return content.complete(readNow());
    } catch (IOException | RuntimeException | Error e) {
      return content.completeExceptionally(e);
    }
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
      var failure =
          new IOException("no end after " + Durations.text(timeout) + "; is it a regular file?", e);
      abandon(content, failure);
      throw failure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var failure = new IOException("interrupted", e);
      abandon(content, failure);
      throw failure;
    }
  }

  private void abandon(CompletableFuture<byte[]> content, IOException failure) {
    if (content.completeExceptionally(failure)) {
      blocked.incrementAndGet();
    }
  }
}
