package io.eksnet.inventory.aws;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When the standard support of a version ends, asked once an hour. */
final class SupportDates {
  private static final Duration EVERY = Duration.ofHours(1);

  private record Read(String version, Instant at, Optional<Instant> end) {}

  private final AwsCalls calls;
  private final Clock clock;
  private volatile Optional<Read> last = Optional.empty();

  SupportDates(AwsCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  /** Empty where it is not known. Never fails. */
  Future<Optional<Instant>> standardSupportEnd(String version) {
    var oldest = clock.instant().minus(EVERY);
    var before = last.filter(read -> read.version().equals(version));
    return before
        .filter(read -> read.at().isAfter(oldest))
        .map(read -> Future.succeededFuture(read.end()))
        .orElseGet(
            () ->
                ask(version)
                    .onSuccess(end -> last = Optional.of(new Read(version, clock.instant(), end)))
                    .otherwise(failure -> before.flatMap(Read::end)));
  }

  private Future<Optional<Instant>> ask(String version) {
    return calls
        .eks(
            "DescribeClusterVersions",
            eks -> eks.describeClusterVersions(ask -> ask.clusterVersions(version)))
        .map(
            answer ->
                answer.clusterVersions().stream()
                    .filter(known -> version.equals(known.clusterVersion()))
                    .flatMap(
                        known -> Optional.ofNullable(known.endOfStandardSupportDate()).stream())
                    .findFirst());
  }
}
