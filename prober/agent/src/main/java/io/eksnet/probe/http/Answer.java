package io.eksnet.probe.http;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What came back: status and headers, then the body piece by piece. */
final class Answer {
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9_.:-]+)", Pattern.CASE_INSENSITIVE);

  /** Its longest is a fixed response of 1,024 bytes. */
  private static final Pattern SHORT = Pattern.compile("\\d{1,3}|10[01]\\d|102[0-4]");

  private final int status;
  private final Function<String, List<String>> headers;
  private final Optional<ByteArrayOutputStream> kept;
  private int length;

  /**
   * @param headers all values of a header by its name in lower case
   * @param keepsBody whether the body is kept, or only counted
   */
  Answer(int status, Function<String, List<String>> headers, boolean keepsBody) {
    this.status = status;
    this.headers = headers;
    this.kept = keepsBody ? Optional.of(new ByteArrayOutputStream()) : Optional.empty();
  }

  int status() {
    return status;
  }

  List<String> header(String name) {
    return headers.apply(Headers.lower(name));
  }

  /**
   * Whether an Elastic Load Balancer seems to have made it: it names itself as the server of its
   * own short answers. Seen in captures and not in the documents of AWS, so it is a hint.
   */
  boolean byLoadBalancer() {
    return header("server").contains("awselb/2.0")
        && header("transfer-encoding").isEmpty()
        && header("content-length").stream().allMatch(SHORT.asMatchPredicate());
  }

  /** How long the body is so far. */
  int length() {
    return length;
  }

  /** Takes a piece of the body; false if it would make it longer than {@code most}. */
  boolean take(ByteBuf piece, int most) {
    if (piece.readableBytes() > most - length) {
      return false;
    }
    length += piece.readableBytes();
    if (kept.isPresent()) {
      var bytes = new byte[piece.readableBytes()];
      piece.readBytes(bytes);
      kept.get().writeBytes(bytes);
    }
    return true;
  }

  /** The body as text. */
  String text() {
    return kept.map(bytes -> bytes.toString(charset())).orElse("");
  }

  private Charset charset() {
    return header("content-type").stream()
        .map(CHARSET::matcher)
        .filter(java.util.regex.Matcher::find)
        .map(match -> match.group(1))
        .findFirst()
        .map(Answer::named)
        .orElse(StandardCharsets.UTF_8);
  }

  private static Charset named(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
