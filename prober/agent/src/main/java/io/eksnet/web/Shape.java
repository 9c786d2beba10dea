package io.eksnet.web;

import io.eksnet.model.JsonName;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a record is made of, looked at once a type: its components under their names in JSON. */
public record Shape(Constructor<?> constructor, List<Component> components, Set<String> names) {
  /** A component of a record. */
  public record Component(String name, Type type, Method accessor) {
    @Nullable Object of(Record record) {
      try {
        return accessor.invoke(record);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("cannot read " + accessor, e);
      }
    }
  }

  private static final ClassValue<Shape> ALL =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return shape(type);
        }
      };

  public static Shape of(Class<?> type) {
    return ALL.get(type);
  }

  /**
   * A record with these values.
   *
   * @throws IllegalArgumentException if the record refuses them
   */
  public Object make(Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          Scalars.shown(String.valueOf(e.getTargetException().getMessage())), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + constructor, e);
    }
  }

  private static Shape shape(Class<?> type) {
    var components =
        Stream.of(type.getRecordComponents())
            .map(c -> new Component(name(c), c.getGenericType(), accessor(c)))
            .toList();
    var names = components.stream().map(Component::name).collect(Collectors.toUnmodifiableSet());
    return new Shape(constructor(type), components, names);
  }

  private static String name(RecordComponent component) {
    var named = component.getAnnotation(JsonName.class);
    return named == null ? Values.snake(component.getName()) : named.value();
  }

  private static Method accessor(RecordComponent component) {
    var accessor = component.getAccessor();
    accessor.setAccessible(true);
    return accessor;
  }

  private static Constructor<?> constructor(Class<?> type) {
    try {
      var types =
          Stream.of(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type + " is no record", e);
    }
  }
}
