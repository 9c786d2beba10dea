package io.eksnet.config;

import java.util.List;
import java.util.stream.Stream;

/** What only a restart can change. */
public final class Restart {
  private Restart() {}

  /** The settings in which {@code wanted} differs though they hold for the life of a process. */
  public static List<String> needed(Settings running, Settings wanted) {
    return changed("", false, running, wanted).toList();
  }

  private static Stream<String> changed(String path, boolean all, Record running, Record wanted) {
    return Key.of(running.getClass()).stream()
        .flatMap(key -> changed(path, all || key.setting().restart(), key, running, wanted));
  }

  private static Stream<String> changed(
      String path, boolean held, Key key, Record running, Record wanted) {
    var before = key.value(running);
    var after = key.value(wanted);
    if (before.equals(after)) {
      return Stream.empty();
    }
    var name = path + key.name();
    return key.shape() instanceof Shape.Group
        ? changed(name + ".", held, (Record) before, (Record) after)
        : Stream.of(name).filter(n -> held);
  }
}
