package io.eksnet.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;

/** Records made from named values. */
final class Records {
  private Records() {}

  /**
   * A record of {@code type}; the values stand under the names of the file.
   *
   * @throws IllegalArgumentException what the record's constructor throws
   */
  static Record create(Class<? extends Record> type, Map<String, Object> values) {
    var components = type.getRecordComponents();
    try {
      var constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(
          Arrays.stream(components).map(component -> value(component, values)).toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException("cannot create a " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot create a " + type.getName(), e);
    }
  }

  private static Object value(RecordComponent component, Map<String, Object> values) {
    var value = values.get(Words.snake(component.getName()));
    if (value == null) {
      throw new IllegalStateException(
          component + " of " + component.getDeclaringRecord() + " has no @Setting");
    }
    return value;
  }
}
