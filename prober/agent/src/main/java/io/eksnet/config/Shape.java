package io.eksnet.config;

import com.google.re2j.Pattern;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a value of a setting looks like: what the reader, the writer and the reference agree on. */
public sealed interface Shape {
  /**
   * A single value: {@code String}, {@code boolean}, {@code int}, {@code long}, {@code double},
   * {@code Duration}, {@code Path}, {@code Pattern} or an enum.
   */
  record Scalar(Class<?> type) implements Shape {}

  /** A list; {@code distinct}: a set. */
  record Sequence(Shape of, boolean distinct) implements Shape {}

  /** A mapping whose keys are the user's. */
  record Table(Shape of) implements Shape {}

  /** A value that may be {@code null}. */
  record Maybe(Shape of) implements Shape {}

  /** A mapping whose keys are the components of a record. */
  record Group(Class<? extends Record> type) implements Shape {}

  /** The shape of values of {@code type}. */
  public static Shape of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return container((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
    }
    var plain = unboxed((Class<?>) type);
    if (plain.isRecord()) {
      return new Group(plain.asSubclass(Record.class));
    }
    if (plain.isEnum() || SCALARS.contains(plain)) {
      return new Scalar(plain);
    }
    throw new IllegalArgumentException("a setting cannot be a " + plain.getName());
  }

  /** The types of single values beside enums. */
  Set<Class<?>> SCALARS =
      Set.of(
          String.class,
          boolean.class,
          int.class,
          long.class,
          double.class,
          Duration.class,
          Path.class,
          Pattern.class);

  private static Shape container(Class<?> raw, Type[] arguments) {
    if (raw == List.class || raw == Set.class) {
      return new Sequence(of(arguments[0]), raw == Set.class);
    }
    if (raw == Map.class && arguments[0] == String.class) {
      return new Table(of(arguments[1]));
    }
    if (raw == Optional.class) {
      return new Maybe(of(arguments[0]));
    }
    throw new IllegalArgumentException("a setting cannot be a " + raw.getName());
  }

  private static Class<?> unboxed(Class<?> type) {
    return java.lang.invoke.MethodType.methodType(type).unwrap().returnType();
  }
}
