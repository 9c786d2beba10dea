package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the objects of one kind up to date: one list, then watches that continue from it, as a
 * client-go reflector does. fabric8's informer is not used: it hides the bookmarks of the API
 * server, which show that a quiet watch is alive, and why a list fails. The API server sends no
 * bookmarks over a watch of events. Such a watch is short: when it is alive, the API server ends it
 * in time.
 *
 * <p>Confined to one thread. {@link #tick} makes all decisions that depend on time.
 */
final class Informer<T extends HasMetadata, V> {
  private static final Logger log = LoggerFactory.getLogger(Informer.class);
  private static final Duration MIN_BACKOFF = Duration.ofSeconds(1);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

  /** As client-go's reflector: a random duration of 5 to 10 minutes. */
  private static final Duration MIN_WATCH_DURATION = Duration.ofMinutes(5);

  /** How many request timeouts the first byte of a list, and all of it, may take. */
  private static final int LIST_RESPONSE_TIMEOUTS = 6;

  private static final int LIST_TIMEOUTS = 30;

  /** In its first seconds an API server denies what it allows later, and misses CRDs. */
  private static final int REFUSALS_TO_CONFIRM = 3;

  /** From the cache of the API server, of whatever age (Kubernetes API concepts). */
  private static final String CACHED = "0";

  /** Consistent with etcd. */
  private static final String MOST_RECENT = "";

  private static final int GATEWAY_TIMEOUT = 504;

  /**
   * The state of an informer.
   *
   * @param resource such as {@code pods} or {@code targetgroupbindings.elbv2.k8s.aws}
   * @param lastGood when it was last up to date; {@link Instant#EPOCH}: never
   * @param lack why it is not up to date; empty: it is
   * @param objects how many objects are kept
   */
  record Health(String resource, Instant lastGood, Optional<Unavailable> lack, int objects) {}

  private enum Phase {
    /** Until {@link #retryAt}. */
    WAITING,
    LISTING,
    CONNECTING,
    WATCHING
  }

  private final ResourceKind<T, V> kind;
  private final KubeSettings settings;
  private final ApiClient api;
  private final Executor thread;
  private final Executor listParsers;
  private final Clock clock;

  private Map<String, V> objects = new ConcurrentHashMap<>();
  private long changes;
  private volatile boolean warned;

  private Phase phase = Phase.WAITING;
  private Instant phaseStart = Instant.EPOCH;
  private Instant retryAt = Instant.EPOCH;
  private Duration backoff = MIN_BACKOFF;
  private int refusals;
  private AutoCloseable request = () -> {};

  /** From which a watch can continue; empty: the objects must be listed. */
  private Optional<String> watchVersion = Optional.empty();

  /** From which version the next list may be. */
  private String listVersion = CACHED;

  /** When the watch was opened, or when it last received an event or bookmark. */
  private Instant lastEvent = Instant.EPOCH;

  /**
   * Whether a watch was silent, and none has received an event, a bookmark or its end since: a list
   * is no proof.
   */
  private boolean silent;

  private Instant lastGood = Instant.EPOCH;
  private Optional<Unavailable> failure = Optional.of(Unavailable.NOT_YET);
  private Optional<Unavailable> server = Optional.empty();

  Informer(
      ResourceKind<T, V> kind,
      KubeSettings settings,
      ApiClient api,
      Executor thread,
      Executor listParsers,
      Clock clock) {
    this.kind = kind;
    this.settings = settings;
    this.api = api;
    this.thread = thread;
    this.listParsers = listParsers;
    this.clock = clock;
  }

  /**
   * Starts what is due, and ends what takes too long.
   *
   * @param apiServer why the API server does not answer; empty: it does
   */
  void tick(Instant now, Optional<Unavailable> apiServer) {
    server = apiServer;
    switch (phase) {
      case WAITING -> {
        if (!now.isBefore(retryAt)) {
          start(now);
        }
      }
      case LISTING -> endAfter(settings.timeout().multipliedBy(LIST_TIMEOUTS), now);
      case CONNECTING -> endAfter(settings.timeout().multipliedBy(2), now);
      case WATCHING -> {
        if (!now.isBefore(lastEvent.plus(settings.silence()))) {
          onSilence(now);
        } else {
          onWatching(now);
        }
      }
    }
  }

  /** Lists and watches again, for example after the API server did not answer for a while. */
  void restart(Instant now) {
    listVersion = watchVersion.orElse(listVersion);
    watchVersion = Optional.empty();
    backoff = MIN_BACKOFF;
    startAt(now);
  }

  /** Stops watching and drops the objects. */
  void stop() {
    startAt(Instant.EPOCH);
    objects = new ConcurrentHashMap<>();
    changes++;
    watchVersion = Optional.empty();
    listVersion = CACHED;
    lastGood = Instant.EPOCH;
    silent = false;
    failure = Optional.of(Unavailable.NOT_YET);
  }

  /** Ages computed from earlier times are wrong then, and a retry time may be far in the future. */
  void onClockSetBack(Instant now) {
    lastGood = Instant.EPOCH;
    retryAt = Instant.EPOCH;
    phaseStart = now;
    lastEvent = now;
  }

  private void enter(Phase next, Instant now) {
    phase = next;
    phaseStart = now;
  }

  /** Ends the request and starts the next one at a time. */
  private void startAt(Instant at) {
    try {
      request.close();
    } catch (Exception e) {
      log.atDebug().setCause(e).log("cannot close request");
    }
    request = () -> {};
    phase = Phase.WAITING;
    retryAt = at;
  }

  private void start(Instant now) {
    watchVersion.ifPresentOrElse(version -> watch(version, now), () -> list(now));
  }

  private void list(Instant now) {
    enter(Phase.LISTING, now);
    warned = false;
    var list =
        new ListRequest<>(
            kind,
            api.list(kind, listVersion, settings.timeout().multipliedBy(LIST_RESPONSE_TIMEOUTS)),
            this::transform,
            objects,
            settings.maxObjects(),
            listParsers);
    request = list;
    var unused =
        list.result()
            .whenCompleteAsync(
                (listing, error) -> {
                  if (request != list) {
                    return;
                  }
                  if (error == null) {
                    onListed(listing);
                  } else {
                    onListFailed(error);
                  }
                },
                thread);
  }

  private void onListed(ListRequest.Listing<V> listing) {
    if (!listing.objects().equals(objects)) {
      changes++;
    }
    objects = listing.objects();
    watch(listing.version(), clock.instant());
  }

  /** A server without the version in its cache answers 410 or 504: then the most recent will do. */
  private void onListFailed(Throwable error) {
    if (isGone(error)) {
      listVersion = MOST_RECENT;
    }
    onFailure(ApiClient.unavailable(error, kind.label()));
  }

  private static boolean isGone(Throwable thrown) {
    for (var error = thrown; error != null; error = error.getCause()) {
      if (ApiClient.status(error).filter(Informer::isGone).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isGone(int code) {
    return code == HttpURLConnection.HTTP_GONE || code == GATEWAY_TIMEOUT;
  }

  private void watch(String version, Instant now) {
    watchVersion = Optional.of(version);
    enter(Phase.CONNECTING, now);
    var duration = watchDuration();
    request =
        new WatchRequest(
            thread, new Events(), socket -> api.watch(kind, version, duration, socket));
  }

  /** After which the API server ends a watch. Without bookmarks that has to be before a silence. */
  private Duration watchDuration() {
    return kind.bookmarks()
        ? MIN_WATCH_DURATION.plusMillis(
            ThreadLocalRandom.current().nextLong(MIN_WATCH_DURATION.toMillis()))
        : settings.silence().multipliedBy(2).dividedBy(3);
  }

  private final class Events implements WatchRequest.Listener {
    @Override
    public void onOpen() {
      var now = clock.instant();
      enter(Phase.WATCHING, now);
      lastEvent = now;
      onWatching(now);
    }

    @Override
    public void onEvent(String json) {
      try {
        var event = ObjectParser.parseEvent(json, kind.type());
        lastEvent = clock.instant();
        silent = false;
        event.object().ifPresent(object -> apply(event.type(), object));
        event.status().ifPresent(Informer.this::onErrorEvent);
      } catch (IOException | RuntimeException e) {
        // only a list replaces an event that was not applied
        watchVersion = Optional.empty();
        onFailure(ApiClient.unavailable(e, kind.label()));
      }
    }

    @Override
    public void onEnd(Optional<Throwable> error) {
      onWatchEnd(error);
    }
  }

  private void apply(ObjectParser.EventType type, T object) {
    watchVersion = Optional.of(KubeObjects.text(object.getMetadata().getResourceVersion()));
    var key = Cache.metaNamespaceKeyFunc(object);
    switch (type) {
      case BOOKMARK, ERROR -> {}
      case DELETED -> keep(key, Optional.empty());
      case ADDED, MODIFIED -> keep(key, transform(object));
    }
  }

  private void keep(String key, Optional<V> value) {
    var known = Optional.ofNullable(objects.get(key));
    if (known.equals(value)) {
      return;
    }
    if (known.isEmpty() && objects.size() >= settings.maxObjects()) {
      throw new TooManyObjectsException(kind, settings.maxObjects());
    }
    changes++;
    value.ifPresentOrElse(kept -> objects.put(key, kept), () -> objects.remove(key));
  }

  private Optional<V> transform(T object) {
    try {
      return kind.transform().apply(object);
    } catch (RuntimeException e) {
      if (!warned) {
        warned = true;
        log.atWarn()
            .addKeyValue("resource", kind.label())
            .addKeyValue("name", Cache.metaNamespaceKeyFunc(object))
            .setCause(e)
            .log(
                "cannot read object, ignoring it; further ones are not logged until the next list");
      }
      return Optional.empty();
    }
  }

  /** The API server no longer has the events since the version, or cannot go on. */
  private void onErrorEvent(Status status) {
    listVersion = MOST_RECENT;
    watchVersion = Optional.empty();
    if (Integer.valueOf(HttpURLConnection.HTTP_GONE).equals(status.getCode())) {
      startAt(clock.instant().plus(shortLived() ? nextBackoff() : Duration.ZERO));
    } else {
      onFailure(
          new Unavailable(
              Reason.ERROR, kind.label() + ": " + KubeObjects.message(status.getMessage())));
    }
  }

  /** The API server ends each watch after a while; the next one continues. */
  private void onWatchEnd(Optional<Throwable> error) {
    var now = clock.instant();
    if (phase == Phase.WATCHING) {
      silent = silent && error.isPresent();
      startAt(now.plus(shortLived() ? nextBackoff() : Duration.ZERO));
      return;
    }
    if (error.filter(Informer::isGone).isPresent()) {
      listVersion = MOST_RECENT;
      watchVersion = Optional.empty();
    }
    onFailure(
        error
            .map(thrown -> ApiClient.unavailable(thrown, kind.label()))
            .orElseGet(
                () -> new Unavailable(Reason.ERROR, kind.label() + ": the watch was closed")));
  }

  private boolean shortLived() {
    return clock.instant().isBefore(phaseStart.plus(MIN_BACKOFF));
  }

  private void onWatching(Instant now) {
    if (silent || server.isPresent()) {
      return;
    }
    lastGood = now;
    refusals = 0;
    if (!shortLived()) {
      backoff = MIN_BACKOFF;
    }
    if (failure.isPresent()) {
      failure = Optional.empty();
      log.atInfo()
          .addKeyValue("resource", kind.label())
          .addKeyValue("objects", objects.size())
          .log("watch established");
    }
  }

  /**
   * The API server sends a bookmark each minute or ends the watch, so the connection is dead, or
   * the version is of a future that etcd does not know. What was kept is as old as the last event,
   * and not fresh again before a watch has received something.
   */
  private void onSilence(Instant now) {
    lastGood = silent ? lastGood : lastEvent;
    silent = true;
    listVersion = MOST_RECENT;
    watchVersion = Optional.empty();
    report(
        new Unavailable(
            Reason.ERROR,
            "%s: the watch received nothing for %d s, not even a bookmark; listing again"
                .formatted(kind.label(), Duration.between(lastEvent, now).toSeconds())));
    startAt(now);
    start(now);
  }

  private void endAfter(Duration limit, Instant now) {
    if (now.isAfter(phaseStart.plus(limit))) {
      onFailure(
          new Unavailable(
              Reason.TIMEOUT, kind.label() + ": no response within " + limit.toSeconds() + " s"));
    }
  }

  private void onFailure(Unavailable unavailable) {
    var refused = unavailable.reason() == Reason.DENIED || unavailable.reason() == Reason.ABSENT;
    var confirmed =
        refused && (lastGood.equals(Instant.EPOCH) || ++refusals >= REFUSALS_TO_CONFIRM);
    if (confirmed) {
      watchVersion = Optional.empty();
      listVersion = CACHED;
    }
    if (confirmed && unavailable.reason() == Reason.ABSENT) {
      changes += objects.isEmpty() ? 0 : 1;
      objects = new ConcurrentHashMap<>();
      startAt(clock.instant().plus(settings.retry()));
    } else {
      startAt(clock.instant().plus(nextBackoff(confirmed ? settings.retry() : MAX_BACKOFF)));
    }
    if (!refused || confirmed) {
      report(unavailable);
    }
  }

  private Duration nextBackoff() {
    return nextBackoff(MAX_BACKOFF);
  }

  private Duration nextBackoff(Duration max) {
    var next = backoff.compareTo(max) < 0 ? backoff : max;
    backoff = next.multipliedBy(2);
    return next;
  }

  /** Logs when the reason changes, not at every attempt. */
  private void report(Unavailable unavailable) {
    if (failure.filter(known -> known.reason() == unavailable.reason()).isEmpty()) {
      log.atInfo()
          .addKeyValue("resource", kind.label())
          .addKeyValue("reason", unavailable.reason().label())
          .addKeyValue("detail", unavailable.detail())
          .log("not watching");
    }
    failure = Optional.of(unavailable);
  }

  /** Why the objects are not up to date; empty while a short gap is within the grace period. */
  Optional<Unavailable> lack(Instant now) {
    if (now.isBefore(lastGood.plus(settings.grace()))) {
      return Optional.empty();
    }
    return failure
        .or(() -> server)
        .or(
            () ->
                Optional.of(
                    new Unavailable(Reason.ERROR, kind.label() + ": the watch is interrupted")));
  }

  /** What is kept of the objects, as of the last good moment. */
  Collection<V> objects() {
    return Collections.unmodifiableCollection(objects.values());
  }

  /** The same, unless it is stale. */
  Optional<Collection<V>> freshObjects(Instant now) {
    return now.isBefore(lastGood.plus(settings.every().multipliedBy(3)))
        ? Optional.of(objects())
        : Optional.empty();
  }

  /** When the objects were last up to date; empty: never. */
  Optional<Instant> lastGood() {
    return Optional.of(lastGood).filter(at -> at.isAfter(Instant.EPOCH));
  }

  /** Grows with each change. */
  long changes() {
    return changes;
  }

  Health health(Instant now) {
    return new Health(kind.label(), lastGood, lack(now), objects.size());
  }
}
