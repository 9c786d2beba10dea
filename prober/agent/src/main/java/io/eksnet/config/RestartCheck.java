package io.eksnet.config;

import java.util.List;
import java.util.stream.Stream;

/** Finds changes of the config that a reload cannot apply. */
public final class RestartCheck {
  private RestartCheck() {}

  /** The paths of the keys that differ and need a restart. */
  public static List<String> changedKeys(Settings running, Settings wanted) {
    return changedKeys("", false, running, wanted).toList();
  }

  private static Stream<String> changedKeys(
      String path, boolean restart, Record running, Record wanted) {
    return SettingKey.of(running.getClass()).stream()
        .flatMap(
            key -> changedKeys(path, restart || key.setting().restart(), key, running, wanted));
  }

  private static Stream<String> changedKeys(
      String path, boolean restart, SettingKey key, Record running, Record wanted) {
    var before = key.value(running);
    var after = key.value(wanted);
    if (before.equals(after)) {
      return Stream.empty();
    }
    var name = path + key.name();
    return key.type() instanceof SettingType.Group
        ? changedKeys(name + ".", restart, (Record) before, (Record) after)
        : Stream.of(name).filter(n -> restart);
  }
}
