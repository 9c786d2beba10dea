package io.eksnet.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Records made from named values. */
final class Records {
  private static final ClassValue<Blueprint> BLUEPRINTS =
      new ClassValue<>() {
        @Override
        protected Blueprint computeValue(Class<?> type) {
          return Blueprint.of(type);
        }
      };

  private Records() {}

  /** The names of the file for the components of {@code type}, in their order. */
  static List<String> names(Class<? extends Record> type) {
    return BLUEPRINTS.get(type).names();
  }

  /**
   * A record of {@code type}; the values stand under the names of the file.
   *
   * @throws IllegalArgumentException what the record's constructor throws
   */
  static Record create(Class<? extends Record> type, Map<String, Object> values) {
    var blueprint = BLUEPRINTS.get(type);
    try {
      return (Record)
          blueprint
              .constructor()
              .newInstance(
                  blueprint.names().stream().map(name -> value(type, name, values)).toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException("cannot create a " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot create a " + type.getName(), e);
    }
  }

  private static Object value(Class<?> type, String name, Map<String, Object> values) {
    var value = values.get(name);
    if (value == null) {
      throw new IllegalStateException(name + " of " + type.getName() + " has no @Setting");
    }
    return value;
  }

  private record Blueprint(List<String> names, Constructor<?> constructor) {
    static Blueprint of(Class<?> type) {
      var components = type.getRecordComponents();
      try {
        var constructor =
            type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return new Blueprint(
            Arrays.stream(components).map(component -> Words.snake(component.getName())).toList(),
            constructor);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("cannot create a " + type.getName(), e);
      }
    }
  }
}
