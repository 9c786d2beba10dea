package io.eksnet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link Values} wrote back into records. A value that is missing is an empty Optional,
 * list or mapping, and an error for everything else; what nobody asks for is passed over.
 */
final class ReadBack {
  private static final double NANOS = 1e9;
  private static final int MOST = 100_000;

  private ReadBack() {}

  /**
   * The record of a type.
   *
   * @throws IllegalArgumentException that names the place and what is wrong with it
   */
  static <T> T read(Class<T> type, JsonObject json) {
    return type.cast(value(type, json, Map.of(), type.getSimpleName()));
  }

  /** The value of any type that {@link Values} writes. */
  static Object value(Type type, @Nullable Object json, String place) {
    return value(type, json, Map.of(), place);
  }

  private static Object value(
      Type type, @Nullable Object json, Map<TypeVariable<?>, Type> bound, String place) {
    if (type instanceof TypeVariable<?> variable) {
      return value(known(variable, bound, place), json, bound, place);
    }
    if (type instanceof ParameterizedType generic) {
      return generic(generic, json, bound, place);
    }
    return plain((Class<?>) type, json, place);
  }

  private static Object generic(
      ParameterizedType type,
      @Nullable Object json,
      Map<TypeVariable<?>, Type> bound,
      String place) {
    var raw = (Class<?>) type.getRawType();
    var first = type.getActualTypeArguments()[0];
    if (raw == Optional.class) {
      return json == null ? Optional.empty() : Optional.of(value(first, json, bound, place));
    }
    if (raw == List.class) {
      return list(first, json, bound, place);
    }
    if (raw == Set.class) {
      return new LinkedHashSet<>(list(first, json, bound, place));
    }
    if (raw == Map.class) {
      return map(type.getActualTypeArguments(), json, bound, place);
    }
    return record(raw, object(json, place), arguments(raw, type, bound, place), place);
  }

  private static Map<TypeVariable<?>, Type> arguments(
      Class<?> raw, ParameterizedType type, Map<TypeVariable<?>, Type> bound, String place) {
    var arguments = new LinkedHashMap<TypeVariable<?>, Type>();
    var names = raw.getTypeParameters();
    for (var i = 0; i < names.length; i++) {
      var argument = type.getActualTypeArguments()[i];
      arguments.put(
          names[i],
          argument instanceof TypeVariable<?> variable ? known(variable, bound, place) : argument);
    }
    return arguments;
  }

  private static Type known(
      TypeVariable<?> variable, Map<TypeVariable<?>, Type> bound, String place) {
    var type = bound.get(variable);
    if (type == null) {
      throw new IllegalArgumentException(place + " is of no known type");
    }
    return type;
  }

  private static List<Object> list(
      Type element, @Nullable Object json, Map<TypeVariable<?>, Type> bound, String place) {
    if (json == null) {
      return List.of();
    }
    if (!(json instanceof JsonArray array)) {
      throw wrong(place, "a list", json);
    }
    if (array.size() > MOST) {
      throw new IllegalArgumentException(place + " has more than " + MOST + " elements");
    }
    var list = new ArrayList<>(array.size());
    for (var i = 0; i < array.size(); i++) {
      list.add(value(element, array.getValue(i), bound, place + "[" + i + "]"));
    }
    return list;
  }

  private static Map<Object, Object> map(
      Type[] types, @Nullable Object json, Map<TypeVariable<?>, Type> bound, String place) {
    var map = new LinkedHashMap<>();
    if (json != null) {
      for (var entry : object(json, place)) {
        map.put(
            value(types[0], entry.getKey(), bound, place),
            value(types[1], entry.getValue(), bound, place + "." + entry.getKey()));
      }
    }
    return map;
  }

  private static Object plain(Class<?> type, @Nullable Object json, String place) {
    if (json == null) {
      throw new IllegalArgumentException(place + " is missing");
    }
    if (type.isEnum()) {
      return word(type, text(json, place), place);
    }
    if (type.isSealed()) {
      return oneOf(type, object(json, place), place);
    }
    return type.isRecord()
        ? record(type, object(json, place), Map.of(), place)
        : scalar(type, json, place);
  }

  private static Object scalar(Class<?> type, Object json, String place) {
    try {
      if (type == String.class) {
        return text(json, place);
      }
      if (type == boolean.class || type == Boolean.class) {
        return json instanceof Boolean said ? said : fail(place, "true or false", json);
      }
      if (type == Instant.class) {
        return Instant.parse(text(json, place));
      }
      var number = json instanceof Number given ? given : (Number) fail(place, "a number", json);
      if (type == int.class || type == Integer.class) {
        return Math.toIntExact(number.longValue());
      }
      if (type == long.class || type == Long.class) {
        return number.longValue();
      }
      if (type == Duration.class) {
        return Duration.ofNanos(Math.round(number.doubleValue() * NANOS));
      }
      return number.doubleValue();
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private static Object word(Class<?> type, String text, String place) {
    return Stream.of(type.getEnumConstants())
        .filter(constant -> text.equals(new Values(1).json(constant)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    place + " is no " + type.getSimpleName() + ": \"" + text + "\""));
  }

  private static Object oneOf(Class<?> type, JsonObject json, String place) {
    var said = json.getString(Values.TYPE, "");
    return Stream.of(type.getPermittedSubclasses())
        .filter(member -> Values.snake(member.getSimpleName()).equals(said))
        .findFirst()
        .map(member -> record(member, json, Map.of(), place))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    place + " is no " + type.getSimpleName() + ": \"" + said + "\""));
  }

  private static Object record(
      Class<?> type, JsonObject json, Map<TypeVariable<?>, Type> bound, String place) {
    var components = type.getRecordComponents();
    var types = new Class<?>[components.length];
    var values = new Object[components.length];
    for (var i = 0; i < components.length; i++) {
      var name = Values.snake(components[i].getName());
      types[i] = components[i].getType();
      values[i] =
          value(components[i].getGenericType(), json.getValue(name), bound, place + "." + name);
    }
    return made(type, types, values, place);
  }

  private static Object made(Class<?> type, Class<?>[] types, Object[] values, String place) {
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(place + ": " + e.getTargetException().getMessage(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type, e);
    }
  }

  private static JsonObject object(@Nullable Object json, String place) {
    return json instanceof JsonObject object ? object : (JsonObject) fail(place, "a mapping", json);
  }

  private static String text(@Nullable Object json, String place) {
    return json instanceof String text ? text : (String) fail(place, "a text", json);
  }

  private static Object fail(String place, String wanted, @Nullable Object json) {
    throw wrong(place, wanted, json);
  }

  private static IllegalArgumentException wrong(
      String place, String wanted, @Nullable Object json) {
    return new IllegalArgumentException(
        place + " must be " + wanted + (json == null ? ", and is missing" : ""));
  }
}
