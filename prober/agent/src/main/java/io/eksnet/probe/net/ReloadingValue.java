package io.eksnet.probe.net;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A value that is loaded from files, off the event loop, and loaded again when they change. Looks
 * for changes when the value is used; the kubelet updates a mounted secret by a symbolic link,
 * which shows in the file's key.
 */
public final class ReloadingValue<T> {
  /** Loads the value; the messages of its exceptions must not hold a secret. */
  public interface Loader<T> {
    T load() throws Exception;
  }

  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
  private static final Duration MAX_CHECK_DELAY = Duration.ofMillis(250);

  private final Network network;
  private final List<Path> files;
  private final Loader<T> loader;
  private @Nullable Future<T> value;
  private @Nullable Future<T> pending;
  private List<Object> version = List.of();
  private long checkedAt;
  private boolean checking;

  public ReloadingValue(Network network, List<Path> files, Loader<T> loader) {
    this.network = network;
    this.files = List.copyOf(files);
    this.loader = loader;
  }

  /**
   * The value with the current content of the files, if the last check is more than two seconds
   * old. If the volume hangs, the previous value is used after a short wait. Fails with {@link
   * LocalFailure}.
   */
  public Future<T> get() {
    var known = value;
    if (known == null) {
      return check();
    }
    if (known.isComplete() && !checking && isStale(known)) {
      var found = check();
      pending = known.failed() ? found : orKnownAfterDelay(found, known);
    }
    return checking && pending != null && !pending.isComplete() ? pending : known();
  }

  private Future<T> known() {
    return Objects.requireNonNull(value);
  }

  private Future<T> orKnownAfterDelay(Future<T> found, Future<T> known) {
    if (found.isComplete()) {
      return found;
    }
    Promise<T> either = Promise.promise();
    var timer =
        network
            .loop()
            .schedule(
                () -> either.tryComplete(known.result()),
                MAX_CHECK_DELAY.toNanos(),
                TimeUnit.NANOSECONDS);
    found.onComplete(
        done -> {
          timer.cancel(false);
          if (done.succeeded()) {
            either.tryComplete(done.result());
          } else {
            either.tryFail(done.cause());
          }
        });
    return either.future();
  }

  private boolean isStale(Future<T> known) {
    return (known.failed() || !files.isEmpty())
        && network.now() - checkedAt > CHECK_INTERVAL.toNanos();
  }

  private Future<T> check() {
    checking = true;
    var former = version;
    var known = value;
    Future<T> found =
        network
            .executeBlocking(() -> read(former, known))
            .map(
                reading -> {
                  version = reading.version();
                  return reading.value();
                });
    if (known == null || known.failed()) {
      value = found;
    }
    return found.andThen(
        done -> {
          checking = false;
          checkedAt = network.now();
          value = found;
        });
  }

  private Reading<T> read(List<Object> former, @Nullable Future<T> known) throws LocalFailure {
    var seen = versions();
    if (known != null && known.succeeded() && seen.equals(former)) {
      return new Reading<>(seen, known.result());
    }
    try {
      return new Reading<>(seen, loader.load());
    } catch (Exception e) {
      throw new LocalFailure(reason(e));
    }
  }

  private List<Object> versions() throws LocalFailure {
    var seen = new ArrayList<>();
    for (var file : files) {
      try {
        var now = Files.readAttributes(file, BasicFileAttributes.class);
        seen.add(now.lastModifiedTime());
        seen.add(now.size());
        seen.add(String.valueOf(now.fileKey()));
      } catch (IOException e) {
        throw new LocalFailure("the file " + file + " cannot be read");
      }
    }
    return seen;
  }

  private String reason(Exception e) {
    return e instanceof LocalFailure u
        ? u.detail()
        : "cannot use " + files + ": " + e.getClass().getSimpleName() + " " + e.getMessage();
  }

  private record Reading<T>(List<Object> version, T value) {}
}
