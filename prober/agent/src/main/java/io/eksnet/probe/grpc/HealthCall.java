package io.eksnet.probe.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A call of {@code grpc.health.v1.Health/Check}, whose two messages have one field each (gRPC
 * Health Checking Protocol, grpc/health/v1/health.proto).
 *
 * @param metadata in the order in which it is sent
 */
record HealthCall(String authority, String service, Map<String, String> metadata) {
  private static final String PATH = "/grpc.health.v1.Health/Check";
  private static final String USER_AGENT =
      "eksnet/"
          + Optional.ofNullable(HealthCall.class.getPackage().getImplementationVersion())
              .orElse("dev");

  /** Field 1 of wire type 2, which is length-delimited (Protocol Buffers encoding). */
  private static final int SERVICE = (1 << 3) | 2;

  /** Field 1 of wire type 0, which is a varint. */
  private static final int STATUS = 1 << 3;

  /** Compressed flag and length (gRPC over HTTP2, "Length-Prefixed-Message"). */
  private static final int PREFIX_LENGTH = 5;

  /** {@code HealthCheckResponse.ServingStatus}. */
  static final int SERVING = 1;

  /** The headers of the request. */
  Http2Headers headers(boolean secure, long timeoutMillis) {
    var headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme(secure ? "https" : "http")
            .authority(authority)
            .path(PATH)
            .set("te", "trailers")
            .set("content-type", "application/grpc")
            .set("user-agent", USER_AGENT)
            .set("grpc-timeout", Math.min(timeoutMillis, 99_999_999) + "m");
    metadata.forEach(headers::set);
    return headers;
  }

  /** The message of the request with its prefix. */
  ByteBuf message() {
    var name = service.getBytes(StandardCharsets.UTF_8);
    var message = Unpooled.buffer();
    message.writeByte(0).writeInt(0);
    if (name.length > 0) {
      message.writeByte(SERVICE);
      writeVarint(message, name.length);
      message.writeBytes(name);
    }
    return message.setInt(1, message.readableBytes() - PREFIX_LENGTH);
  }

  /**
   * The status in the message of a response with its prefix; empty if there is no such message. An
   * enum that is absent is 0, which is UNKNOWN.
   */
  static OptionalInt status(ByteBuf response) {
    if (response.readableBytes() < PREFIX_LENGTH
        || response.getByte(response.readerIndex()) != 0
        || response.getInt(response.readerIndex() + 1)
            != response.readableBytes() - PREFIX_LENGTH) {
      return OptionalInt.empty();
    }
    var message =
        response.slice(
            response.readerIndex() + PREFIX_LENGTH, response.readableBytes() - PREFIX_LENGTH);
    var status = 0L;
    try {
      while (message.isReadable()) {
        var tag = readVarint(message);
        var value = readField(message, (int) tag & 7);
        status = tag == STATUS ? value : status;
      }
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return OptionalInt.empty();
    }
    return OptionalInt.of((int) status);
  }

  /** The name of a status in the protocol. */
  static String name(int status) {
    return switch (status) {
      case 0 -> "UNKNOWN";
      case SERVING -> "SERVING";
      case 2 -> "NOT_SERVING";
      case 3 -> "SERVICE_UNKNOWN";
      default -> "status " + status;
    };
  }

  private static long readField(ByteBuf message, int wireType) {
    return switch (wireType) {
      case 0 -> readVarint(message);
      case 1 -> message.readLongLE();
      case 2 -> {
        message.skipBytes((int) Math.min(readVarint(message), Integer.MAX_VALUE));
        yield 0;
      }
      case 5 -> message.readIntLE();
      default -> throw new IllegalArgumentException("wire type " + wireType);
    };
  }

  private static void writeVarint(ByteBuf to, int value) {
    var rest = value;
    for (; rest > 0x7f; rest >>>= 7) {
      to.writeByte((rest & 0x7f) | 0x80);
    }
    to.writeByte(rest);
  }

  private static long readVarint(ByteBuf from) {
    var value = 0L;
    for (int shift = 0; shift < 64; shift += 7) {
      var next = from.readByte();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a varint of more than 10 bytes");
  }
}
