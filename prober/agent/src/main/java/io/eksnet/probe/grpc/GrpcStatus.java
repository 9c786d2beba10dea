package io.eksnet.probe.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The status of a call (gRPC over HTTP2, "Responses").
 *
 * @param code as it was sent
 * @param message decoded; empty: none
 */
record GrpcStatus(String code, String message) {
  private static final int MAX_MESSAGE_LENGTH = 200;

  /** In the order of their numbers (gRPC, "Status codes and their use"). */
  private static final List<String> NAMES =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  /**
   * @param encodedMessage percent-encoded UTF-8
   */
  static GrpcStatus of(CharSequence code, CharSequence encodedMessage) {
    return new GrpcStatus(code.toString(), decoded(encodedMessage.toString()));
  }

  boolean isOk() {
    return code.equals("0");
  }

  /** With the remedy for what is often missing. */
  String describe() {
    return "the gRPC status is "
        + name()
        + (message.isEmpty() ? "" : ": " + message)
        + switch (name()) {
          case "UNIMPLEMENTED" -> "; the server has no health service (grpc.health.v1.Health)";
          case "NOT_FOUND" -> "; the health service does not know the service";
          default -> "";
        };
  }

  private String name() {
    return code.matches("\\d{1,2}") && Integer.parseInt(code) < NAMES.size()
        ? NAMES.get(Integer.parseInt(code))
        : code.replaceAll("[^\\x21-\\x7e]", "?");
  }

  /** Invalid encodings are left as they are, as the specification has it. */
  private static String decoded(String text) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '%'
          && i + 2 < text.length()
          && text.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}")) {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    var message = bytes.toString(StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ").strip();
    return message.length() > MAX_MESSAGE_LENGTH
        ? message.substring(0, MAX_MESSAGE_LENGTH) + "…"
        : message;
  }
}
