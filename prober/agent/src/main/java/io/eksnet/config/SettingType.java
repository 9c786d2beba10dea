package io.eksnet.config;

import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The type of a setting, for the reader, the writer, the JSON Schema and the reference. */
public sealed interface SettingType {
  /** A single value; see {@link ScalarType}. */
  record Scalar(Class<?> type) implements SettingType {}

  /** A list; a set if its elements are distinct. */
  record Sequence(SettingType element, boolean distinct) implements SettingType {}

  /** A mapping with keys that the user chooses. */
  record Table(SettingType value) implements SettingType {}

  /** A value that may be {@code null}. */
  record OptionalValue(SettingType value) implements SettingType {}

  /** A mapping whose keys are the components of a settings record. */
  record Group(Class<? extends Record> type) implements SettingType {}

  /**
   * The type of a record component.
   *
   * @throws IllegalArgumentException if no YAML can be bound to it
   */
  static SettingType of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return container((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
    }
    var plain = MethodType.methodType((Class<?>) type).unwrap().returnType();
    if (plain.isRecord()) {
      return new Group(plain.asSubclass(Record.class));
    }
    if (ScalarType.isScalar(plain)) {
      return new Scalar(plain);
    }
    throw new IllegalArgumentException("a setting cannot be a " + plain.getName());
  }

  /** The type with its bounds for the reference, such as {@code whole number, 1 to 10}. */
  default String describe(Setting setting) {
    if (this instanceof Scalar scalar) {
      return ScalarType.describe(scalar.type(), setting);
    }
    if (this instanceof OptionalValue optional) {
      return optional.value().describe(setting);
    }
    if (this instanceof Sequence list) {
      return "list of " + plural(list.element(), setting) + (list.distinct() ? ", each once" : "");
    }
    if (this instanceof Table table) {
      return "mapping of names to " + plural(table.value(), setting);
    }
    return ((Group) this).type().isAnnotationPresent(Shorthand.class)
        ? "text or mapping"
        : "mapping";
  }

  private static String plural(SettingType type, Setting setting) {
    var one = type.describe(setting);
    return switch (one) {
      case "mapping", "text or mapping", "duration", "whole number", "regular expression", "file" ->
          one + "s";
      default -> one;
    };
  }

  private static SettingType container(Class<?> raw, Type[] arguments) {
    if (raw == List.class || raw == Set.class) {
      return new Sequence(of(arguments[0]), raw == Set.class);
    }
    if (raw == Map.class && arguments[0] == String.class) {
      return new Table(of(arguments[1]));
    }
    if (raw == Optional.class) {
      return new OptionalValue(of(arguments[0]));
    }
    throw new IllegalArgumentException("a setting cannot be a " + raw.getName());
  }
}
