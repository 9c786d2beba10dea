package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import java.util.stream.Stream;

/** Status codes of responses through a load balancer, and whether it sent them itself. */
final class LbResponses {
  private LbResponses() {}

  /** Whether the last two responses had this code and were sent by the load balancer itself. */
  static boolean steadily(int code, ResultWindow window) {
    return window.failing()
        && window.results().stream().limit(2).allMatch(result -> isOwn(code, result));
  }

  /** Responses with this code, sent by the load balancer itself while other requests succeeded. */
  static Stream<Result> occasional(int code, ResultWindow window) {
    return anySucceeded(window)
        ? window.results().stream().filter(result -> isOwn(code, result))
        : Stream.empty();
  }

  static boolean anySucceeded(ResultWindow window) {
    return window.results().stream().anyMatch(Result::succeeded);
  }

  /** Whether the last two responses were 5xx and were sent by a target. */
  static boolean failingInTarget(ResultWindow window) {
    return window.failing()
        && window.results().stream()
            .limit(2)
            .allMatch(result -> result.code() >= 500 && !result.byLoadBalancer());
  }

  private static boolean isOwn(int code, Result result) {
    return result.code() == code && result.byLoadBalancer();
  }
}
