package io.eksnet.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
 * The token that agents and controllers show each other, as a file has it. When the file changes,
 * the token before it is still accepted for a while: files of a Secret change on each node at
 * another time.
 */
public final class SharedToken {
  /** No file is named: nobody has the token. */
  public static final SharedToken NONE = new SharedToken(Optional.empty(), Instant::now);

  /** The kubelet brings a changed Secret within its sync period and cache: 2 min at most. */
  private static final Duration OVERLAP = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(SharedToken.class);
  private static final int SHORTEST = 16;
  private static final int LONGEST = 4_096;

  private final Optional<Path> file;
  private final InstantSource clock;
  private volatile State state = new State(null, null, Instant.MIN);
  private String trouble = "";

  private record State(@Nullable String now, @Nullable String before, Instant beforeUntil) {}

  /**
   * @param file where the token is; empty: there is none
   */
  public SharedToken(Optional<Path> file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /** What to show the other side. */
  public Optional<String> shown() {
    return Optional.ofNullable(state.now());
  }

  /** Whether it is the token; takes as long for a wrong one as for the right one. */
  public boolean accepts(String given) {
    var at = state;
    var isNow = same(at.now(), given);
    var isBefore = same(at.before(), given);
    return isNow || (isBefore && clock.instant().isBefore(at.beforeUntil()));
  }

  /** Reads the file anew; blocks. A file that cannot be used leaves the token as it was. */
  public synchronized void refresh() {
    if (file.isEmpty()) {
      return;
    }
    try {
      var read = read(file.get());
      if (!read.equals(state.now())) {
        state = new State(read, state.now(), clock.instant().plus(OVERLAP));
        log.atInfo().addKeyValue("file", file.get()).log("token read");
      }
      trouble = "";
    } catch (IOException e) {
      tell(String.valueOf(e.getMessage()));
    }
  }

  private void tell(String reason) {
    if (!reason.equals(trouble)) {
      trouble = reason;
      log.atWarn()
          .addKeyValue("file", file.map(Path::toString).orElse(""))
          .addKeyValue("reason", reason)
          .log("the token cannot be read");
    }
  }

  private static String read(Path file) throws IOException {
    if (Files.size(file) > LONGEST) {
      throw new IOException("longer than " + LONGEST + " bytes");
    }
    var token = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (token.length() < SHORTEST || !token.matches("[\\x21-\\x7e]+")) {
      throw new IOException(
          "a token has at least " + SHORTEST + " characters of ASCII and no spaces");
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
