package io.eksnet.config;

import io.eksnet.model.KindSpec;
import java.util.List;

/** The keys of a probe's mapping: the common ones, and beside them those of its kind. */
final class KindKeys {
  private KindKeys() {}

  /** The keys of the kind, checked to be told apart from the common ones. */
  static List<Key> of(KindSpec<?> kind) {
    var keys = Key.of(kind.settings());
    var common = names(Key.ofProbes());
    for (var key : keys) {
      if (common.contains(key.name())) {
        throw new IllegalArgumentException(
            "the kind "
                + kind.name()
                + " must rename its setting \""
                + key.name()
                + "\": every probe has a key of this name");
      }
    }
    if (keys.size() != Records.names(kind.settings()).size()) {
      throw new IllegalArgumentException(
          "each component of "
              + kind.settings().getName()
              + " needs @Setting, unlike "
              + Records.names(kind.settings()));
    }
    return keys;
  }

  static List<String> names(List<Key> keys) {
    return keys.stream().map(Key::name).toList();
  }
}
