package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.ProbeFailure;
import java.util.Optional;
import java.util.stream.Stream;

/** Compares answers with what is expected: first the status, then the headers, then the body. */
final class Judge {
  private final HttpExpect expect;
  private final StatusCodes status;

  Judge(HttpExpect expect) {
    this.expect = expect;
    this.status = StatusCodes.of(expect.status());
  }

  boolean expectsStatus(Answer answer) {
    return status.contains(answer.status(), answer.byLoadBalancer());
  }

  boolean readsBody() {
    return expect.readsBody();
  }

  /** What is wrong with status or headers. */
  Optional<ProbeFailure> head(Answer answer, String remark) {
    if (!expectsStatus(answer)) {
      return Optional.of(
          new ProbeFailure(
              Phase.PROCESSING,
              Cause.HTTP_STATUS,
              "status "
                  + answer.status()
                  + (answer.byLoadBalancer() ? " made by the load balancer" : "")
                  + ", expected "
                  + status
                  + remark));
    }
    return expect.headers().entrySet().stream()
        .filter(
            header ->
                answer.header(header.getKey()).stream()
                    .noneMatch(value -> header.getValue().matcher(value).find()))
        .findFirst()
        .map(
            header ->
                new ProbeFailure(
                    Phase.PROCESSING,
                    Cause.HTTP_BODY,
                    "no match of \""
                        + header.getValue().pattern()
                        + "\" in the header "
                        + header.getKey()
                        + (answer.header(header.getKey()).isEmpty() ? ", which is absent" : "")));
  }

  /** What is wrong with the body. */
  Optional<ProbeFailure> body(Answer answer) {
    if (!readsBody()) {
      return Optional.empty();
    }
    var text = answer.text();
    var missing = expect.body().stream().filter(regex -> !regex.matcher(text).find());
    var unwanted = expect.bodyAbsent().stream().filter(regex -> regex.matcher(text).find());
    return Stream.concat(
            missing.map(regex -> "no match of \"" + regex + "\" in"),
            unwanted.map(regex -> "\"" + regex + "\" may not match"))
        .findFirst()
        .map(flaw -> wrong(flaw, answer));
  }

  private static ProbeFailure wrong(String what, Answer answer) {
    var encoding = String.join(", ", answer.header("content-encoding"));
    return new ProbeFailure(
        Phase.TRANSFER,
        Cause.HTTP_BODY,
        what
            + " the body of "
            + answer.length()
            + " bytes"
            + (encoding.isEmpty() || encoding.equals("identity")
                ? ""
                : ", which came in the encoding " + encoding + " that was not asked for"));
  }
}
