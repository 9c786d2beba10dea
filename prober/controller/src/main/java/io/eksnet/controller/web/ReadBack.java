package io.eksnet.controller.web;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.web.Scalars;
import io.eksnet.web.Shape;
import io.eksnet.web.Values;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
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
 * Reads what {@link Values} wrote back into records. What other versions may write is read with
 * patience: a list or mapping that is missing is empty, and what nobody asks for is passed over.
 * What must be whole is not: there only an Optional may be missing, and nothing may be too much.
 */
final class ReadBack {
  private static final int MOST = 100_000;

  private final boolean whole;

  private ReadBack(boolean whole) {
    this.whole = whole;
  }

  /**
   * The record of a type.
   *
   * @throws IllegalArgumentException that names the place and what is wrong with it
   */
  static <T> T read(Class<T> type, JsonObject json) {
    return new ReadBack(false).root(type, json);
  }

  /**
   * The record of a type, in which nothing is missing and nothing is unknown.
   *
   * @throws IllegalArgumentException that names the place and what is wrong with it
   */
  static <T> T readWhole(Class<T> type, JsonObject json) {
    return new ReadBack(true).root(type, json);
  }

  private <T> T root(Class<T> type, JsonObject json) {
    return type.cast(value(type, json, Map.of(), type.getSimpleName()));
  }

  private Object value(
      Type type, @Nullable Object json, Map<TypeVariable<?>, Type> bound, String place) {
    if (type instanceof TypeVariable<?> variable) {
      return value(known(variable, bound, place), json, bound, place);
    }
    if (type instanceof ParameterizedType generic) {
      return generic(generic, json, bound, place);
    }
    return plain((Class<?>) type, json, place);
  }

  private Object generic(
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
    return record(raw, Scalars.object(json, place), arguments(raw, type, bound, place), place);
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

  private List<Object> list(
      Type element, @Nullable Object json, Map<TypeVariable<?>, Type> bound, String place) {
    if (json == null && !whole) {
      return List.of();
    }
    if (!(json instanceof JsonArray array)) {
      throw Scalars.wrong(place, "a list", json);
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

  private Map<Object, Object> map(
      Type[] types, @Nullable Object json, Map<TypeVariable<?>, Type> bound, String place) {
    var map = new LinkedHashMap<>();
    if (json != null || whole) {
      for (var entry : Scalars.object(json, place)) {
        map.put(
            value(types[0], entry.getKey(), bound, place),
            value(types[1], entry.getValue(), bound, place + "." + Scalars.shown(entry.getKey())));
      }
    }
    return map;
  }

  private Object plain(Class<?> type, @Nullable Object json, String place) {
    if (json == null) {
      throw new IllegalArgumentException(place + " is missing");
    }
    if (type == Inventory.class) {
      return inventory(Scalars.object(json, place), place);
    }
    if (type.isSealed()) {
      return oneOf(type, Scalars.object(json, place), place);
    }
    return type.isRecord()
        ? record(type, Scalars.object(json, place), Map.of(), place)
        : Scalars.read(type, json, place);
  }

  private Inventory inventory(JsonObject json, String place) {
    var inventory = Inventory.EMPTY;
    for (var entry : json) {
      var at = place + "." + Scalars.shown(entry.getKey());
      var part = DeclaredPart.BY_NAME.get(entry.getKey());
      if (part != null) {
        inventory = part.into(inventory, known(part.type(), entry.getValue(), at));
      } else if (whole) {
        throw new IllegalArgumentException(at + " is no part that is known here");
      }
    }
    return inventory;
  }

  private Snapshot<?> known(Type of, @Nullable Object json, String place) {
    var bound = Map.<TypeVariable<?>, Type>of(Snapshot.class.getTypeParameters()[0], of);
    return (Snapshot<?>) record(Snapshot.class, Scalars.object(json, place), bound, place);
  }

  private Object oneOf(Class<?> type, JsonObject json, String place) {
    var said = Scalars.text(json.getValue(Values.TYPE), place + "." + Values.TYPE);
    return Stream.of(type.getPermittedSubclasses())
        .filter(member -> Values.typeName(member).equals(said))
        .findFirst()
        .map(member -> record(member, json, Map.of(), place))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    place
                        + " is no "
                        + type.getSimpleName()
                        + ": \""
                        + Scalars.shown(said)
                        + "\""));
  }

  private Object record(
      Class<?> type, JsonObject json, Map<TypeVariable<?>, Type> bound, String place) {
    var shape = Shape.of(type);
    if (whole) {
      refuseUnknown(type, json, place);
    }
    var values = new Object[shape.components().size()];
    for (var i = 0; i < values.length; i++) {
      var component = shape.components().get(i);
      var at = place + "." + component.name();
      values[i] = value(component.type(), json.getValue(component.name()), bound, at);
    }
    try {
      return shape.make(values);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private static void refuseUnknown(Class<?> type, JsonObject json, String place) {
    var names = Shape.of(type).names();
    var tells = Values.isOneOfSeveral(type);
    for (var name : json.fieldNames()) {
      if (!names.contains(name) && !(tells && name.equals(Values.TYPE))) {
        throw new IllegalArgumentException(place + "." + Scalars.shown(name) + " is unknown here");
      }
    }
  }
}
