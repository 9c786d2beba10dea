package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one kind, kept up to date. It asks before it lists, so that a missing CRD or a
 * denied verb is told once and tried again later; it starts anew what does not come back by itself.
 * Confined to one thread.
 */
final class Watch<T extends HasMetadata, V> {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** How long listing everything, page by page, may take, in timeouts of one request. */
  private static final int PAGES = 30;

  private final ResourceKind<T, V> kind;
  private final KubeAccess access;
  private final KubeSettings settings;
  private final ApiClient question;
  private final Executor thread;
  private final Clock clock;

  private @Nullable InformerSession<T, V> round;
  private @Nullable InformerSession<T, V> next;
  private Optional<Unavailable> lack = Optional.of(Unavailable.NOT_YET);
  private Instant good = Instant.EPOCH;
  private Instant listed = Instant.EPOCH;
  private Instant notBefore = Instant.EPOCH;
  private Duration pause = FIRST_PAUSE;
  private long rounds;
  private boolean asking;
  private boolean closed;

  Watch(
      ResourceKind<T, V> kind,
      KubeAccess access,
      KubeSettings settings,
      ApiClient question,
      Executor thread,
      Clock clock) {
    this.kind = kind;
    this.access = access;
    this.settings = settings;
    this.question = question;
    this.thread = thread;
    this.clock = clock;
  }

  ResourceKind<T, V> kind() {
    return kind;
  }

  /** Looks after the watch; {@code beats}: whether the API server answers. */
  void tick(Instant now, boolean beats) {
    if (closed) {
      return;
    }
    if (beats && round != null && round.watching()) {
      inOrder(now, round);
    } else if (!now.isBefore(good.plus(settings.grace()))) {
      lookInto(now);
    }
  }

  /** The clock was set back: how old anything is, is not known, and nothing waits for a moment. */
  void setBack() {
    good = Instant.EPOCH;
    notBefore = Instant.EPOCH;
    listed = Instant.EPOCH;
  }

  private void inOrder(Instant now, InformerSession<T, V> current) {
    if (next == null && now.isAfter(listed.plus(settings.relist()))) {
      begin(now);
    }
    if (current.store().overflown()) {
      tell(
          new Unavailable(
              Unavailable.Why.ERROR, kind.label() + ": more than " + settings.mostObjects()));
      return;
    }
    good = now;
    pause = FIRST_PAUSE;
    if (lack.isPresent()) {
      lack = Optional.empty();
      log.info("watching resource={} objects={}", kind.label(), current.store().size());
    }
  }

  private void lookInto(Instant now) {
    if (asking || next != null || now.isBefore(notBefore)) {
      return;
    }
    asking = true;
    question
        .mayList(kind)
        .whenCompleteAsync(
            (refused, error) -> {
              asking = false;
              answered(error == null ? refused : Optional.of(Refusal.of(error, kind.label())));
            },
            thread);
  }

  private void answered(Optional<Unavailable> refused) {
    if (closed) {
      return;
    }
    if (refused.isPresent()) {
      failed(refused.get());
    } else if (next == null && (round == null || !round.watching())) {
      begin(clock.instant());
    }
  }

  private void begin(Instant now) {
    listed = now;
    try {
      var beginning = new InformerSession<>(kind, access, settings.mostObjects());
      next = beginning;
      beginning
          .start()
          .toCompletableFuture()
          .copy()
          .orTimeout(settings.timeout().multipliedBy(PAGES).toMillis(), TimeUnit.MILLISECONDS)
          .whenCompleteAsync((done, error) -> began(beginning, error), thread);
    } catch (RuntimeException e) {
      next = null;
      failed(Refusal.of(e, kind.label()));
    }
  }

  private void began(InformerSession<T, V> beginning, @Nullable Throwable error) {
    next = null;
    if (closed || error != null) {
      beginning.stop();
      if (error != null && !closed && (round == null || !round.watching())) {
        failed(Refusal.of(error, kind.label()));
      }
      return;
    }
    var before = round;
    round = beginning;
    rounds++;
    if (before != null) {
      before.stop();
    }
  }

  private void failed(Unavailable why) {
    var absent = why.why() == Unavailable.Why.ABSENT;
    var lasting = absent || why.why() == Unavailable.Why.DENIED;
    var longest = lasting ? settings.retry() : LONGEST_PAUSE;
    notBefore = clock.instant().plus(absent ? longest : shorter(pause, longest));
    if (!absent) {
      // A right may be missing for a moment only, as while its role is written anew.
      pause = shorter(pause.multipliedBy(2), longest);
    }
    tell(why);
    if (lasting && round != null) {
      round.stop();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Said when the reason changes, not at every attempt. */
  private void tell(Unavailable why) {
    if (lack.filter(l -> l.why() == why.why()).isEmpty()) {
      log.info(
          "not watching resource={} reason={} detail={}",
          kind.label(),
          why.why().label(),
          why.detail());
    }
    lack = Optional.of(why);
  }

  /** What is wrong; a watch that is only renewed is in order. */
  Optional<Unavailable> lack(Instant now) {
    if (lack.isEmpty() && !now.isBefore(good.plus(settings.grace()))) {
      return Optional.of(
          new Unavailable(Unavailable.Why.ERROR, kind.label() + ": the watch is cut"));
    }
    return lack;
  }

  /** What is kept of the objects, as of the last good moment. */
  Collection<V> objects() {
    return round == null ? List.of() : round.store().trimmed();
  }

  /** The same, if it may still be believed. */
  Optional<Collection<V>> believed(Instant now) {
    return now.isBefore(good.plus(settings.every().multipliedBy(3)))
        ? Optional.of(objects())
        : Optional.empty();
  }

  /** Grows when something changes. */
  long changes() {
    return (rounds << 40) + (round == null ? 0 : round.store().changes());
  }

  WatchHealth health(Instant now) {
    return new WatchHealth(kind.label(), good, lack(now), round == null ? 0 : round.store().size());
  }

  void close() {
    closed = true;
    if (round != null) {
      round.stop();
    }
    if (next != null) {
      next.stop();
    }
  }
}
