package io.eksnet.metrics;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Task;
import java.util.Arrays;
import java.util.List;

/** Where a run of a suite ended: the label {@code stage}. */
enum Stage {
  DNS,
  TCP,
  TLS,
  HTTP;

  /** The value of the label. */
  String label() {
    return switch (this) {
      case DNS -> "dns";
      case TCP -> "tcp";
      case TLS -> "tls";
      case HTTP -> "http";
    };
  }

  static Stage of(Phase phase) {
    return switch (phase) {
      case RESOLVE -> DNS;
      case CONNECT -> TCP;
      case TLS -> TLS;
      case PROCESSING, TRANSFER -> HTTP;
    };
  }

  /** The stage of a failure, or the last one that a success reached; empty where none is known. */
  static String labelOf(Outcome leaf) {
    return leaf.fold(
        success ->
            success.timings().phases().keySet().stream()
                .map(Stage::of)
                .reduce((former, later) -> later)
                .map(Stage::label)
                .orElse(""),
        failure -> of(failure.phase()).label(),
        notRun -> "");
  }

  /** The stages that runs of a task pass, in their order; the last is that of a success. */
  static List<Stage> of(Task task, KindSpec<?> kind) {
    return Arrays.stream(values()).filter(stage -> stage.isOn(task, kind)).toList();
  }

  /** The causes that runs of a kind can end with here. */
  List<Cause> causes(KindSpec<?> kind) {
    return kind.causes().stream().filter(this::canEndWith).sorted().toList();
  }

  private boolean canEndWith(Cause cause) {
    return switch (cause) {
      case TIMEOUT -> true;
      case CONN_REFUSED, UNREACHABLE -> this == DNS || this == TCP;
      case RESET -> this != DNS;
      case NXDOMAIN, SERVFAIL, REFUSED_RCODE, NODATA, TRUNCATED, WRONG_ANSWER -> this == DNS;
      case TLS_HANDSHAKE, TLS_UNTRUSTED, TLS_NAME, TLS_EXPIRED, TLS_CLIENT_CERTIFICATE ->
          this == TLS;
      case HTTP_STATUS, HTTP_BODY, HTTP_PROTOCOL, TOO_LARGE, REDIRECT_LIMIT -> this == HTTP;
      case GRPC_STATUS, GRPC_NOT_SERVING, PROXY_FAILED, TOKEN_FAILED -> false; // of no suite
    };
  }

  private boolean isOn(Task task, KindSpec<?> kind) {
    return switch (this) {
      case DNS -> AddressLiteral.parse(task.target().host()).isEmpty();
      case TCP -> true;
      case TLS -> task.target().secure();
      case HTTP -> kind.causes().contains(Cause.HTTP_STATUS);
    };
  }
}
