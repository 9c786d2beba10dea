package io.eksnet.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The value of a key that the file leaves out. */
final class Fallback {
  private Fallback() {}

  /** As the annotation says, else what is empty of this shape. */
  static Object of(Key key) {
    return key.setting().fallback().isEmpty() ? empty(key) : written(key);
  }

  private static Object written(Key key) {
    var problems = new Problems();
    try {
      var place = new Place(YamlTree.of(key.setting().fallback()), key.name());
      var value = new Binder(Path.of(""), problems).bind(place, key.shape(), key.setting());
      if (value != null && problems.isEmpty()) {
        return value;
      }
      throw new IllegalStateException(key.component() + ": " + problems.inOrder());
    } catch (YamlTree.Unreadable e) {
      throw new IllegalStateException("the fallback of " + key.component() + " is no YAML", e);
    }
  }

  private static Object empty(Key key) {
    if (key.shape() instanceof Shape.Sequence sequence) {
      return sequence.distinct() ? Set.of() : List.of();
    }
    if (key.shape() instanceof Shape.Table) {
      return Map.of();
    }
    if (key.shape() instanceof Shape.Maybe) {
      return Optional.empty();
    }
    if (key.shape().equals(new Shape.Scalar(String.class))) {
      return "";
    }
    throw new IllegalStateException(
        key.component() + " of " + key.component().getDeclaringRecord() + " needs a fallback");
  }
}
