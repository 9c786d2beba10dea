package io.eksnet.probe.http;

import io.eksnet.core.Cause;
import io.eksnet.core.Phase;
import io.eksnet.core.Regex;
import io.eksnet.core.Regex.Search;
import io.eksnet.probe.net.Trouble;
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
  Optional<Trouble> head(Answer answer, String remark) {
    if (!expectsStatus(answer)) {
      return Optional.of(
          new Trouble(
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
            header -> answer.header(header.getKey()).stream().noneMatch(header.getValue()::found))
        .findFirst()
        .map(
            header ->
                new Trouble(
                    Phase.PROCESSING,
                    Cause.HTTP_BODY,
                    "no match of \""
                        + header.getValue().source()
                        + "\" in the header "
                        + header.getKey()
                        + (answer.header(header.getKey()).isEmpty() ? ", which is absent" : "")));
  }

  /** What is wrong with the body. */
  Optional<Trouble> body(Answer answer) {
    if (!readsBody()) {
      return Optional.empty();
    }
    var text = answer.text();
    return Stream.concat(
            expect.body().stream().map(regex -> flaw(regex, text, Search.ABSENT)),
            expect.bodyAbsent().stream().map(regex -> flaw(regex, text, Search.FOUND)))
        .flatMap(Optional::stream)
        .findFirst()
        .map(flaw -> wrong(flaw, answer));
  }

  /** What is wrong with {@code text}, if the search ends in the way that is bad, or in none. */
  private static Optional<String> flaw(Regex regex, String text, Search bad) {
    var quoted = "\"" + regex.source() + "\"";
    var end = regex.search(text);
    if (end == Search.GIVEN_UP) {
      return Optional.of("the search for " + quoted + " was given up in");
    }
    if (end != bad) {
      return Optional.empty();
    }
    return Optional.of(
        bad == Search.ABSENT ? "no match of " + quoted + " in" : quoted + " may not match");
  }

  private static Trouble wrong(String what, Answer answer) {
    var encoding = String.join(", ", answer.header("content-encoding"));
    return new Trouble(
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
