package io.eksnet.probe.http;

import io.eksnet.probe.net.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A response: status and headers, then the body in pieces, then the trailers. */
final class HttpResponseData {
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9_.:-]+)", Pattern.CASE_INSENSITIVE);

  /** The longest body that a load balancer sends itself is a fixed response of 1,024 bytes. */
  private static final Pattern UP_TO_1024 = Pattern.compile("\\d{1,3}|10[01]\\d|102[0-4]");

  private final boolean secure;
  private final String version;
  private final int status;
  private final HttpHeaders headers;
  private final HttpExchange.BodyLimit limit;
  private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
  private long length;

  /**
   * @param secure whether it came over TLS
   * @param version as in {@link HttpVersion#RESPONSES}
   */
  HttpResponseData(
      boolean secure,
      String version,
      int status,
      HttpHeaders headers,
      HttpExchange.BodyLimit limit) {
    this.secure = secure;
    this.version = version;
    this.status = status;
    this.headers = headers;
    this.limit = limit;
  }

  boolean secure() {
    return secure;
  }

  String version() {
    return version;
  }

  int status() {
    return status;
  }

  /** All values of a header. */
  List<String> header(String name) {
    return headers.getAll(name);
  }

  void trailers(HttpHeaders received) {
    trailers = received;
  }

  /**
   * The gRPC status, from the trailers or from a response of headers only; empty if it is no gRPC
   * response (gRPC over HTTP2, "Responses").
   */
  Optional<String> grpcStatus() {
    if (header("content-type").stream().noneMatch(type -> type.startsWith("application/grpc"))) {
      return Optional.empty();
    }
    return Stream.of(trailers, headers)
        .flatMap(from -> from.getAll("grpc-status").stream())
        .findFirst();
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

  /** The length of the body so far, as it was sent. */
  long length() {
    return length;
  }

  /** Adds a piece of the body; false if the body would exceed its limit. */
  boolean append(ByteBuf piece) {
    if (piece.readableBytes() > limit.max() - length) {
      return false;
    }
    length += piece.readableBytes();
    if (limit.keep()) {
      var bytes = new byte[piece.readableBytes()];
      piece.readBytes(bytes);
      body.writeBytes(bytes);
    }
    return true;
  }

  /** The content codings of the body, without identity. */
  List<String> codings() {
    return header("content-encoding").stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .map(coding -> Headers.lower(coding.strip()))
        .filter(Predicate.not(coding -> coding.isEmpty() || coding.equals("identity")))
        .toList();
  }

  /**
   * Replaces the body that was kept by what it encodes; leaves it if this program does not know the
   * coding.
   *
   * @return false if it would exceed the limit of the body
   * @throws IOException if the body is not encoded as its header has it
   */
  boolean decode() throws IOException {
    var codings = codings();
    for (int i = codings.size() - 1; i >= 0; i--) {
      var compression = Compression.of(codings.get(i));
      if (compression.isEmpty() || length == 0) {
        return true;
      }
      var decoded = compression.get().decode(body.toByteArray(), limit.max());
      if (decoded.isEmpty()) {
        return false;
      }
      body = decoded.get();
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
