package io.eksnet.config;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A key of the config file: a component of a settings record.
 *
 * @param name as the file writes it
 */
public record Key(String name, Shape shape, Setting setting, RecordComponent component) {
  private static final ClassValue<List<Key>> KEYS =
      new ClassValue<>() {
        @Override
        protected List<Key> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents())
              .filter(component -> component.isAnnotationPresent(Setting.class))
              .map(Key::of)
              .toList();
        }
      };

  public Key {
    Objects.requireNonNull(name);
    Objects.requireNonNull(shape);
    Objects.requireNonNull(setting);
    Objects.requireNonNull(component);
  }

  /** The keys of a settings record in their order. */
  public static List<Key> of(Class<? extends Record> type) {
    return KEYS.get(type);
  }

  /** The keys that every probe has, whatever its kind. */
  public static List<Key> ofProbes() {
    return of(ProbeSettings.class);
  }

  /** The type with its bounds in words, such as {@code whole number, 1 to 10}. */
  public String type() {
    return TypeWords.of(this);
  }

  /** The keys within the value, if it is a mapping of known keys or a list of such. */
  public List<Key> inner() {
    return inner(shape);
  }

  /** The value in {@code settings}. */
  Object value(Record settings) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private static List<Key> inner(Shape shape) {
    if (shape instanceof Shape.Group group) {
      return of(group.type());
    } else if (shape instanceof Shape.Sequence sequence) {
      return inner(sequence.of());
    } else if (shape instanceof Shape.Table table) {
      return inner(table.of());
    }
    return shape instanceof Shape.Maybe maybe ? inner(maybe.of()) : List.of();
  }

  private static Key of(RecordComponent component) {
    return new Key(
        Words.snake(component.getName()),
        Shape.of(component.getGenericType()),
        Objects.requireNonNull(component.getAnnotation(Setting.class)),
        component);
  }
}
