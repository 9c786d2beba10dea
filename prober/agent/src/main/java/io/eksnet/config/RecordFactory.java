package io.eksnet.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Creates settings records from the values of their keys. */
final class RecordFactory {
  private static final ClassValue<Blueprint> BLUEPRINTS =
      new ClassValue<>() {
        @Override
        protected Blueprint computeValue(Class<?> type) {
          return Blueprint.of(type);
        }
      };

  private RecordFactory() {}

  /**
   * Creates a record of {@code type}.
   *
   * @param values by key; a component without {@link Setting} has its name in snake case
   * @throws IllegalArgumentException what the record's constructor throws
   */
  static Record create(Class<? extends Record> type, Map<String, Object> values) {
    var blueprint = BLUEPRINTS.get(type);
    var arguments = blueprint.arguments().stream().map(from -> from.apply(values)).toArray();
    try {
      return (Record) blueprint.constructor().newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException invalid) {
        throw invalid;
      }
      throw new IllegalStateException("cannot create " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot create " + type.getName(), e);
    }
  }

  /**
   * Reflection of one type, which is slow.
   *
   * @param arguments each from the values by key
   */
  private record Blueprint(
      Constructor<?> constructor, List<Function<Map<String, Object>, Object>> arguments) {
    static Blueprint of(Class<?> type) {
      var components = type.getRecordComponents();
      var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      try {
        var constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return new Blueprint(
            constructor, Arrays.stream(components).map(Blueprint::argument).toList());
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("cannot create " + type.getName(), e);
      }
    }

    private static Function<Map<String, Object>, Object> argument(RecordComponent component) {
      if (component.isAnnotationPresent(Inline.class)) {
        var type = component.getType().asSubclass(Record.class);
        return values -> create(type, values);
      }
      var name = SettingKey.snakeCase(component.getName());
      return values -> {
        var value = values.get(name);
        if (value == null) {
          throw new IllegalStateException(component + " has no @Setting");
        }
        return value;
      };
    }
  }
}
