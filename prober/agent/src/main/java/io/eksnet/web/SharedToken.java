package io.eksnet.web;

import io.eksnet.config.BoundedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bearer token of agents and controllers, read from a file. After a change the previous token
 * is still accepted for a while, because nodes see a changed Secret at different times.
 */
public final class SharedToken {
  /** Without a file: accepts nothing. */
  public static final SharedToken NONE = new SharedToken(Optional.empty(), Instant::now);

  /** The kubelet updates a Secret within its sync period plus cache TTL, about 2 min. */
  private static final Duration OVERLAP = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(SharedToken.class);
  private static final int MIN_LENGTH = 16;
  private static final int MAX_LENGTH = 4_096;

  private final Optional<Path> file;
  private final InstantSource clock;
  private volatile State state = new State(null, null, Instant.MIN);
  private String lastError = "";

  private record State(
      @Nullable String current, @Nullable String previous, Instant previousUntil) {}

  /**
   * @param file empty: there is no token
   */
  public SharedToken(Optional<Path> file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /** The token to send. */
  public Optional<String> current() {
    return Optional.ofNullable(state.current());
  }

  /** Compares in constant time. */
  public boolean accepts(String given) {
    var at = state;
    var isCurrent = same(at.current(), given);
    var isPrevious = same(at.previous(), given);
    return isCurrent || (isPrevious && clock.instant().isBefore(at.previousUntil()));
  }

  /** Reads the file again; blocks. With an invalid file the current token stays. */
  public synchronized void reload() {
    if (file.isEmpty()) {
      return;
    }
    try {
      var read = read(file.get());
      if (!read.equals(state.current())) {
        state = new State(read, state.current(), clock.instant().plus(OVERLAP));
        log.atInfo().addKeyValue("file", file.get()).log("token loaded");
      }
      lastError = "";
    } catch (IOException e) {
      logOnce(String.valueOf(e.getMessage()));
    }
  }

  private void logOnce(String reason) {
    if (!reason.equals(lastError)) {
      lastError = reason;
      log.atWarn()
          .addKeyValue("file", file.map(Path::toString).orElse(""))
          .addKeyValue("error", reason)
          .log("token file not readable, keeping current token");
    }
  }

  private static String read(Path file) throws IOException {
    var content = new BoundedFile(file, MAX_LENGTH).read();
    var token = new String(content, StandardCharsets.ISO_8859_1).strip();
    if (token.length() < MIN_LENGTH || !token.matches("[\\x21-\\x7e]+")) {
      throw new IOException(
          "token must have at least " + MIN_LENGTH + " printable ASCII characters and no spaces");
    }
    return token;
  }

  private static boolean same(@Nullable String token, String given) {
    var equal = MessageDigest.isEqual(digest(token == null ? "" : token), digest(given));
    return equal && token != null;
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
