package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one kind, kept up to date by an informer. fabric8's informer retries a missing CRD
 * or a denied list without end and does not report the reason. So one object is listed first, and
 * an informer that does not recover is replaced. Confined to one thread.
 */
final class Watch<T extends HasMetadata, V> {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);
  private static final Duration MIN_BACKOFF = Duration.ofSeconds(1);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

  /** How many request timeouts a list of all pages may take. */
  private static final int MAX_LIST_TIMEOUTS = 30;

  /**
   * The state of a watch.
   *
   * @param resource such as {@code pods} or {@code targetgroupbindings.elbv2.k8s.aws}
   * @param lastGood when it was last up to date; {@link Instant#EPOCH}: never
   * @param lack why it is not up to date; empty: it is
   * @param objects how many objects are kept
   */
  record Health(String resource, Instant lastGood, Optional<Unavailable> lack, int objects) {
    boolean watching() {
      return lack.isEmpty();
    }
  }

  /** One list and the watch that follows it. */
  private static final class Session<T extends HasMetadata, V> {
    private final TransformingStore<T, V> store;
    private final SharedIndexInformer<T> informer;

    Session(ResourceKind<T, V> kind, KubeAccess access, int maxObjects) {
      store = new TransformingStore<>(kind, maxObjects);
      informer = kind.informer().apply(access.client());
      informer
          .removeNamespaceIndex()
          .itemStore(store)
          // no retry before the first list has succeeded: the watch decides when to try again
          .exceptionHandler((started, error) -> started);
    }

    boolean isWatching() {
      return informer.isRunning() && informer.isWatching();
    }
  }

  private final ResourceKind<T, V> kind;
  private final KubeAccess access;
  private final KubeSettings settings;
  private final ApiClient api;
  private final Executor thread;
  private final Clock clock;

  private @Nullable Session<T, V> current;
  private @Nullable Session<T, V> next;
  private Optional<Unavailable> lack = Optional.of(Unavailable.NOT_YET);
  private Instant lastGood = Instant.EPOCH;
  private Instant relistAt = Instant.EPOCH;
  private Instant retryAt = Instant.EPOCH;
  private Duration backoff = MIN_BACKOFF;
  private long sessions;
  private boolean checking;
  private boolean closed;

  Watch(
      ResourceKind<T, V> kind,
      KubeAccess access,
      KubeSettings settings,
      ApiClient api,
      Executor thread,
      Clock clock) {
    this.kind = kind;
    this.access = access;
    this.settings = settings;
    this.api = api;
    this.thread = thread;
    this.clock = clock;
  }

  ResourceKind<T, V> kind() {
    return kind;
  }

  /**
   * Starts, replaces or relists the informer when that is due.
   *
   * @param apiAlive whether the API server answers
   */
  void tick(Instant now, boolean apiAlive) {
    if (closed) {
      return;
    }
    var session = current;
    if (apiAlive && session != null && session.isWatching()) {
      onWatching(now, session);
    } else if (!now.isBefore(lastGood.plus(settings.grace()))
        && !checking
        && next == null
        && !now.isBefore(retryAt)) {
      check();
    }
  }

  /** Ages computed from earlier times are wrong then, and a retry time may be far in the future. */
  void onClockSetBack() {
    lastGood = Instant.EPOCH;
    retryAt = Instant.EPOCH;
    relistAt = Instant.EPOCH;
  }

  private void onWatching(Instant now, Session<T, V> session) {
    if (next == null && now.isAfter(relistAt)) {
      startSession(now);
    }
    if (session.store.isOverflown()) {
      report(
          new Unavailable(
              Unavailable.Reason.ERROR,
              "%s: more than %d objects; the limit protects the controller's memory"
                  .formatted(kind.label(), settings.maxObjects())));
      return;
    }
    lastGood = now;
    backoff = MIN_BACKOFF;
    if (lack.isPresent()) {
      lack = Optional.empty();
      log.atInfo()
          .addKeyValue("resource", kind.label())
          .addKeyValue("objects", session.store.size())
          .log("watch established");
    }
  }

  private void check() {
    checking = true;
    api.checkList(kind)
        .whenCompleteAsync(
            (refused, error) -> {
              checking = false;
              onChecked(
                  error == null
                      ? refused
                      : Optional.of(ApiClient.unavailable(error, kind.label())));
            },
            thread);
  }

  private void onChecked(Optional<Unavailable> refused) {
    if (closed) {
      return;
    }
    if (refused.isPresent()) {
      onFailure(refused.get());
    } else if (next == null && !isWatching()) {
      startSession(clock.instant());
    }
  }

  private boolean isWatching() {
    return current != null && current.isWatching();
  }

  private void startSession(Instant now) {
    // spread over half an interval, so that not all kinds are listed at once
    var interval = settings.relist().toMillis();
    relistAt = now.plusMillis(interval + ThreadLocalRandom.current().nextLong(interval / 2 + 1));
    try {
      var session = new Session<>(kind, access, settings.maxObjects());
      next = session;
      session
          .informer
          .start()
          .toCompletableFuture()
          .copy()
          .orTimeout(
              settings.timeout().multipliedBy(MAX_LIST_TIMEOUTS).toMillis(), TimeUnit.MILLISECONDS)
          .whenCompleteAsync((done, error) -> onStarted(session, error), thread);
    } catch (RuntimeException e) {
      next = null;
      onFailure(ApiClient.unavailable(e, kind.label()));
    }
  }

  private void onStarted(Session<T, V> session, @Nullable Throwable error) {
    next = null;
    if (closed || error != null) {
      session.informer.stop();
      if (error != null && !closed && !isWatching()) {
        onFailure(ApiClient.unavailable(error, kind.label()));
      }
      return;
    }
    var previous = current;
    current = session;
    sessions++;
    if (previous != null) {
      previous.informer.stop();
    }
  }

  private void onFailure(Unavailable unavailable) {
    var absent = unavailable.reason() == Unavailable.Reason.ABSENT;
    var lasting = absent || unavailable.reason() == Unavailable.Reason.DENIED;
    var maxBackoff = lasting ? settings.retry() : MAX_BACKOFF;
    retryAt = clock.instant().plus(absent ? maxBackoff : min(backoff, maxBackoff));
    if (!absent) {
      // a permission may be missing for a moment only, as while its role is replaced
      backoff = min(backoff.multipliedBy(2), maxBackoff);
    }
    report(unavailable);
    if (lasting && current != null) {
      current.informer.stop();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Logs when the reason changes, not at every attempt. */
  private void report(Unavailable unavailable) {
    if (lack.filter(l -> l.reason() == unavailable.reason()).isEmpty()) {
      log.atInfo()
          .addKeyValue("resource", kind.label())
          .addKeyValue("reason", unavailable.reason().label())
          .addKeyValue("detail", unavailable.detail())
          .log("not watching");
    }
    lack = Optional.of(unavailable);
  }

  /** Why the objects are not up to date; empty while a short gap is within the grace period. */
  Optional<Unavailable> lack(Instant now) {
    if (lack.isEmpty() && !now.isBefore(lastGood.plus(settings.grace()))) {
      return Optional.of(
          new Unavailable(Unavailable.Reason.ERROR, kind.label() + ": the watch is interrupted"));
    }
    return lack;
  }

  /** What is kept of the objects, as of the last good moment. */
  Collection<V> objects() {
    return current == null ? List.of() : current.store.kept();
  }

  /** The same, unless it is stale. */
  Optional<Collection<V>> freshObjects(Instant now) {
    return now.isBefore(lastGood.plus(settings.every().multipliedBy(3)))
        ? Optional.of(objects())
        : Optional.empty();
  }

  /** Grows with each change. */
  long changes() {
    return (sessions << 40) + (current == null ? 0 : current.store.changes());
  }

  Health health(Instant now) {
    return new Health(
        kind.label(), lastGood, lack(now), current == null ? 0 : current.store.size());
  }

  void close() {
    closed = true;
    if (current != null) {
      current.informer.stop();
    }
    if (next != null) {
      next.informer.stop();
    }
  }
}
