package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import java.util.stream.Stream;

/** Answers of load balancers. */
final class Codes {
  private Codes() {}

  /** Whether the last two answers were this code, made by the load balancer itself. */
  static boolean steadily(int code, ResultWindow track) {
    return track.failing()
        && track.results().stream().limit(2).allMatch(result -> made(code, result));
  }

  /** Answers with this code, made by the load balancer itself while other requests went well. */
  static Stream<Result> sometimes(int code, ResultWindow track) {
    return track.results().stream().filter(result -> comesThrough(track) && made(code, result));
  }

  /** Whether some of the latest requests went well. */
  static boolean comesThrough(ResultWindow track) {
    return track.results().stream().anyMatch(Result::succeeded);
  }

  /** Whether the last two answers were errors of the application. */
  static boolean ofTheApplication(ResultWindow track) {
    return track.failing()
        && track.results().stream()
            .limit(2)
            .allMatch(result -> result.code() >= 500 && !result.byLoadBalancer());
  }

  private static boolean made(int code, Result result) {
    return result.code() == code && result.byLoadBalancer();
  }
}
