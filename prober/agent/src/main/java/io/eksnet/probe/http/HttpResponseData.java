package io.eksnet.probe.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A response: status and headers, then the body in pieces. */
final class HttpResponseData {
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9_.:-]+)", Pattern.CASE_INSENSITIVE);

  /** The longest body that a load balancer sends itself is a fixed response of 1,024 bytes. */
  private static final Pattern UP_TO_1024 = Pattern.compile("\\d{1,3}|10[01]\\d|102[0-4]");

  private final int status;
  private final HttpHeaders headers;
  private final boolean keepsBody;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private int length;

  /**
   * @param keepsBody whether the body is kept, or only counted
   */
  HttpResponseData(int status, HttpHeaders headers, boolean keepsBody) {
    this.status = status;
    this.headers = headers;
    this.keepsBody = keepsBody;
  }

  int status() {
    return status;
  }

  /** All values of a header. */
  List<String> header(String name) {
    return headers.getAll(name);
  }

  /**
   * Whether an Elastic Load Balancer seems to have sent it without a target: its own responses are
   * short and name it as the server. Seen in captures and not documented by AWS, so only a hint.
   */
  boolean byLoadBalancer() {
    return header("server").contains("awselb/2.0")
        && header("transfer-encoding").isEmpty()
        && header("content-length").stream().allMatch(UP_TO_1024.asMatchPredicate());
  }

  /** The length of the body so far. */
  int length() {
    return length;
  }

  /** Adds a piece of the body; false if the body would exceed {@code maxLength}. */
  boolean append(ByteBuf piece, int maxLength) {
    if (piece.readableBytes() > maxLength - length) {
      return false;
    }
    length += piece.readableBytes();
    if (keepsBody) {
      var bytes = new byte[piece.readableBytes()];
      piece.readBytes(bytes);
      body.writeBytes(bytes);
    }
    return true;
  }

  /** The body in the character set of its content type, else in UTF-8. */
  String text() {
    return header("content-type").stream()
        .map(CHARSET::matcher)
        .filter(Matcher::find)
        .map(match -> body.toString(charset(match.group(1))))
        .findFirst()
        .orElseGet(() -> body.toString(StandardCharsets.UTF_8));
  }

  private static Charset charset(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
