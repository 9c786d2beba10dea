package io.eksnet.probe.net;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value made from files, and made anew when they change. Reads off the event loop, looks for
 * changes when it is asked for and the last look is a while ago; a secret mounted in a pod changes
 * by a symbolic link, which shows in the file's key.
 */
public final class FromFiles<T> {
  /** Makes the value; its message must not hold a secret. */
  public interface Maker<T> {
    T make() throws Exception;
  }

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private final Network network;
  private final List<Path> files;
  private final Maker<T> maker;
  private @Nullable Future<T> value;
  private List<Object> version = List.of();
  private long looked;
  private boolean looking;

  public FromFiles(Network network, List<Path> files, Maker<T> maker) {
    this.network = network;
    this.files = List.copyOf(files);
    this.maker = maker;
  }

  /** The value as of a moment ago; fails with {@link LocalFailure}. */
  public Future<T> now() {
    var known = value;
    if (known == null) {
      return look();
    }
    if (known.isComplete() && !looking && isStale(known)) {
      var found = look();
      return known.failed() ? found : known;
    }
    return known;
  }

  private boolean isStale(Future<T> known) {
    return (known.failed() || !files.isEmpty()) && network.now() - looked > LOOK_AGAIN.toNanos();
  }

  private Future<T> look() {
    looking = true;
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
          looking = false;
          looked = network.now();
          value = found;
        });
  }

  private Reading<T> read(List<Object> former, @Nullable Future<T> known) throws LocalFailure {
    var seen = versions();
    if (known != null && known.succeeded() && seen.equals(former)) {
      return new Reading<>(seen, known.result());
    }
    try {
      return new Reading<>(seen, maker.make());
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
