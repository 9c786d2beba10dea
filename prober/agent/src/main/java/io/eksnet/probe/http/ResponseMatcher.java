package io.eksnet.probe.http;

import com.google.re2j.Pattern;
import io.eksnet.model.Cause;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Compares responses with what is expected of their status, headers and body. */
final class ResponseMatcher {
  /** Every status, except a 5xx that a load balancer sent itself. */
  static final String SERVED = "served";

  private static final Pattern STATUS =
      Pattern.compile("([1-9])xx|([1-9][0-9][0-9])(?:-([1-9][0-9][0-9]))?");

  private final HttpExpect expect;
  private final Optional<Compression> compression;
  private final BitSet statuses;
  private final boolean served;

  /**
   * @param compression what must have been used; empty: anything
   */
  ResponseMatcher(HttpExpect expect, Optional<Compression> compression) {
    this.expect = expect;
    this.compression = compression;
    this.statuses = statuses(expect.status());
    this.served = expect.status().contains(SERVED);
  }

  /** How a response differs from what is expected. */
  record Mismatch(Cause cause, String detail) {}

  boolean expectsStatus(HttpResponseData response) {
    var status = response.status();
    return status >= 0
        && (statuses.get(status) || (served && !(response.byLoadBalancer() && status >= 500)));
  }

  /** Whether the body is of interest, and not only its length. */
  boolean keepsBody() {
    return readsBody() || compression.isPresent();
  }

  private boolean readsBody() {
    return !expect.body().isEmpty() || !expect.bodyAbsent().isEmpty();
  }

  /**
   * What is wrong with status or headers.
   *
   * @param remark on a redirect that is not followed; appended to the detail
   */
  Optional<Mismatch> head(HttpResponseData response, String remark) {
    if (!expectsStatus(response)) {
      return Optional.of(
          new Mismatch(
              Cause.HTTP_STATUS,
              "status "
                  + response.status()
                  + (response.byLoadBalancer() ? " from the load balancer itself" : "")
                  + ", expected "
                  + String.join(", ", expect.status())
                  + remark));
    }
    return Stream.of(
            overTls(response),
            version(response),
            headers(response),
            headersIfPresent(response),
            headersAbsent(response),
            compressed(response))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<Mismatch> overTls(HttpResponseData response) {
    return expect
        .tls()
        .filter(wanted -> wanted != response.secure())
        .map(
            wanted ->
                new Mismatch(
                    Cause.WRONG_ANSWER,
                    wanted ? "the response came without TLS" : "the response came over TLS"));
  }

  private Optional<Mismatch> version(HttpResponseData response) {
    return expect.versions().isEmpty() || expect.versions().contains(response.version())
        ? Optional.empty()
        : Optional.of(
            new Mismatch(
                Cause.HTTP_PROTOCOL,
                "the response is "
                    + response.version()
                    + ", expected "
                    + String.join(", ", expect.versions())));
  }

  private Optional<Mismatch> headers(HttpResponseData response) {
    return expect.headers().entrySet().stream()
        .filter(header -> !matches(response, header))
        .findFirst()
        .map(
            header ->
                response.header(header.getKey()).isEmpty()
                    ? new Mismatch(Cause.HTTP_BODY, "no header " + header.getKey())
                    : noMatch(header));
  }

  private Optional<Mismatch> headersIfPresent(HttpResponseData response) {
    return expect.headersIfPresent().entrySet().stream()
        .filter(header -> !response.header(header.getKey()).isEmpty())
        .filter(header -> !matches(response, header))
        .findFirst()
        .map(ResponseMatcher::noMatch);
  }

  private Optional<Mismatch> headersAbsent(HttpResponseData response) {
    return expect.headersAbsent().entrySet().stream()
        .filter(header -> matches(response, header))
        .findFirst()
        .map(
            header ->
                new Mismatch(
                    Cause.HTTP_BODY,
                    "unwanted match of \""
                        + header.getValue()
                        + "\" in the header "
                        + header.getKey()));
  }

  private static boolean matches(HttpResponseData response, Map.Entry<String, Pattern> header) {
    return response.header(header.getKey()).stream()
        .anyMatch(value -> header.getValue().matcher(value).find());
  }

  private static Mismatch noMatch(Map.Entry<String, Pattern> header) {
    return new Mismatch(
        Cause.HTTP_BODY,
        "no match of \"" + header.getValue() + "\" in the header " + header.getKey());
  }

  private Optional<Mismatch> compressed(HttpResponseData response) {
    var codings = response.codings();
    return compression
        .filter(wanted -> !codings.equals(List.of(wanted.coding())))
        .map(
            wanted ->
                new Mismatch(
                    Cause.HTTP_BODY,
                    "the body is not compressed with "
                        + wanted.coding()
                        + (codings.isEmpty() ? "" : ", but with " + String.join(", ", codings))));
  }

  /** What is wrong with the body. */
  Optional<Mismatch> body(HttpResponseData response) {
    if (!readsBody()) {
      return Optional.empty();
    }
    var text = response.text();
    var missing = expect.body().stream().filter(regex -> !regex.matcher(text).find());
    var unwanted = expect.bodyAbsent().stream().filter(regex -> regex.matcher(text).find());
    return Stream.concat(
            missing.map(regex -> "no match of \"" + regex + "\" in"),
            unwanted.map(regex -> "unwanted match of \"" + regex + "\" in"))
        .findFirst()
        .map(what -> new Mismatch(Cause.HTTP_BODY, what + " the body of " + describe(response)));
  }

  private static String describe(HttpResponseData response) {
    var unknown =
        response.codings().stream().filter(coding -> Compression.of(coding).isEmpty()).toList();
    return response.length()
        + " bytes"
        + (unknown.isEmpty() ? "" : ", which is encoded as " + String.join(", ", unknown));
  }

  /**
   * The codes of {@code status} lists.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy
   */
  static BitSet statuses(List<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("status must name a code; leave it out for [2xx]");
    }
    var codes = new BitSet(1000);
    words.stream().filter(word -> !word.equals(SERVED)).forEach(word -> add(codes, word));
    return codes;
  }

  private static void add(BitSet codes, String word) {
    var match = STATUS.matcher(word);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "status must hold codes from 100 to 999 such as 204, 200-299 or 2xx, or served, not \""
              + word
              + "\"");
    }
    if (match.group(1) != null) {
      var first = Integer.parseInt(match.group(1)) * 100;
      codes.set(first, first + 100);
      return;
    }
    var from = Integer.parseInt(match.group(2));
    var to = match.group(3) == null ? from : Integer.parseInt(match.group(3));
    if (to < from) {
      throw new IllegalArgumentException("the range " + word + " of status ends before it begins");
    }
    codes.set(from, to + 1);
  }
}
