package io.eksnet.controller;

import io.eksnet.controller.web.ReplicaState;
import io.eksnet.model.HostPort;
import io.eksnet.schedule.SerialExecutor;
import io.eksnet.web.PeerClient.Response;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy that a standby has of the leader's data. It is renewed every few seconds, less often in
 * large clusters, where reading it takes long.
 */
final class ReplicaMirror {
  private static final Logger log = LoggerFactory.getLogger(ReplicaMirror.class);

  /** Observations are collected less often, but findings and incidents may change any second. */
  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

  private static final Duration MAX_INTERVAL = Duration.ofMinutes(1);

  /** The copy takes at most a twentieth of the time, so of one CPU. */
  private static final int INTERVAL_PER_DURATION = 20;

  /** As of all values: three intervals, but at least a minute. */
  private static final int MAX_AGE_INTERVALS = 3;

  private static final Duration MIN_MAX_AGE = Duration.ofMinutes(1);

  private final SerialExecutor executor;
  private final Clock clock;
  private final LeaderClient client;
  private final Consumer<ReplicaState> listener;
  private volatile Optional<ReplicaState> latest = Optional.empty();
  private final Duration minInterval;
  private volatile Duration interval;
  private boolean fetching;
  private Instant next = Instant.MIN;
  private String lastError = "";

  /** Requests the state of a leader. */
  @FunctionalInterface
  interface LeaderClient {
    Future<Response> get(HostPort leader);
  }

  /**
   * @param every how often the leader collects observations; the copy is renewed at least as often
   * @param listener takes each copy, on a worker
   */
  ReplicaMirror(
      SerialExecutor executor,
      Clock clock,
      Duration every,
      LeaderClient client,
      Consumer<ReplicaState> listener) {
    this.executor = executor;
    this.clock = clock;
    this.client = client;
    this.listener = listener;
    minInterval = every.compareTo(DEFAULT_INTERVAL) < 0 ? every : DEFAULT_INTERVAL;
    interval = minInterval;
  }

  /** The last copy, unless it is stale at {@code now}. */
  Optional<ReplicaState> ifFresh(Instant now) {
    var three = interval.multipliedBy(MAX_AGE_INTERVALS);
    var maxAge = three.compareTo(MIN_MAX_AGE) > 0 ? three : MIN_MAX_AGE;
    return latest.filter(copy -> Duration.between(copy.at(), now).abs().compareTo(maxAge) < 0);
  }

  /** Renews the copy if it is time; to be called each second by a standby, on the executor. */
  void tick(HostPort leader) {
    var now = clock.instant();
    if (fetching || now.isBefore(next)) {
      return;
    }
    fetching = true;
    client
        .get(leader)
        .compose(response -> executor.executeBlocking(() -> read(response)))
        .onComplete(
            done ->
                executor.execute(
                    () -> {
                      fetching = false;
                      onFetched(now, done.cause());
                    }));
  }

  private Duration read(Response response) {
    var start = System.nanoTime();
    if (response.status() != 200) {
      throw new IllegalArgumentException("status " + response.status());
    }
    var copy = ReplicaState.read(response.content().getBytes());
    latest = Optional.of(copy);
    listener.accept(copy);
    var wanted = Duration.ofNanos(System.nanoTime() - start).multipliedBy(INTERVAL_PER_DURATION);
    interval =
        wanted.compareTo(minInterval) < 0
            ? minInterval
            : wanted.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : wanted;
    return interval;
  }

  private void onFetched(Instant started, @Nullable Throwable error) {
    next = started.plus(error == null ? interval : minInterval);
    var text = error == null ? "" : String.valueOf(error.getMessage());
    if (!text.equals(lastError)) {
      lastError = text;
      if (error == null) {
        log.info("the copy of the leader's data is fresh again");
      } else {
        log.atWarn().addKeyValue("error", text).log("cannot copy the leader's data, retrying");
      }
    }
  }
}
