package io.eksnet.web;

import io.eksnet.model.JsonName;
import io.eksnet.model.inventory.Inventory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records, collections and mappings as JSON: names as in the config file, times as in RFC 3339,
 * durations in seconds, words of enums as in metric labels where they have them. What is beyond the
 * bound is left out, and {@link #cut} says so.
 */
public final class Values {
  /** Where a record of a sealed type tells which it is. */
  public static final String TYPE = "type";

  private static final int DEEPEST = 16;

  private final int most;
  private int elements;
  private boolean cut;

  /**
   * @param most elements of lists and mappings in all
   */
  public Values(int most) {
    this.most = most;
  }

  /** Whether something was left out. */
  public boolean cut() {
    return cut;
  }

  public @Nullable Object json(Object value) {
    return json(value, 0);
  }

  private @Nullable Object json(@Nullable Object value, int depth) {
    if (value == null || value instanceof Boolean || value instanceof String) {
      return value;
    }
    if (depth > DEEPEST) {
      cut = true;
      return null;
    }
    if (value instanceof Optional<?> optional) {
      return json(optional.orElse(null), depth);
    }
    if (value instanceof Record record) {
      return object(record, depth);
    }
    if (value instanceof Collection<?> collection) {
      return array(collection, depth);
    }
    if (value instanceof Map<?, ?> map) {
      return object(map, depth);
    }
    if (value instanceof Inventory inventory) {
      return object(inventory, depth);
    }
    return scalar(value);
  }

  private static Object scalar(Object value) {
    if (value instanceof Double number) {
      return Double.isFinite(number) ? (Object) number : number.toString();
    }
    if (value instanceof Number || value instanceof Instant) {
      return value instanceof Number ? value : value.toString();
    }
    if (value instanceof Duration duration) {
      return duration.toNanos() / 1e9;
    }
    return value instanceof Enum<?> word ? Vocabulary.word(word) : value.toString();
  }

  private JsonObject object(Record record, int depth) {
    var json = new JsonObject();
    if (isOneOfSeveral(record.getClass())) {
      json.put(TYPE, typeName(record.getClass()));
    }
    for (var component : Shape.of(record.getClass()).components()) {
      var value = json(component.of(record), depth + 1);
      if (value != null) {
        json.put(component.name(), value);
      }
    }
    return json;
  }

  private JsonObject object(Map<?, ?> map, int depth) {
    var json = new JsonObject();
    for (var entry : map.entrySet()) {
      if (full()) {
        return json;
      }
      json.put(String.valueOf(json(entry.getKey(), depth + 1)), json(entry.getValue(), depth + 1));
    }
    return json;
  }

  private JsonObject object(Inventory inventory, int depth) {
    var json = new JsonObject();
    for (var part : inventory.resources()) {
      json.put(part.name(), json(inventory.snapshot(part), depth + 1));
    }
    return json;
  }

  private JsonArray array(Collection<?> collection, int depth) {
    var json = new JsonArray();
    for (var element : collection) {
      if (full()) {
        return json;
      }
      json.add(json(element, depth + 1));
    }
    return json;
  }

  private boolean full() {
    cut |= elements >= most;
    return elements++ >= most;
  }

  /** Whether its name must be told, for others could stand in its place. */
  public static boolean isOneOfSeveral(Class<?> type) {
    return Stream.of(type.getInterfaces()).anyMatch(Class::isSealed);
  }

  public static String typeName(Class<?> type) {
    var named = type.getAnnotation(JsonName.class);
    return named == null ? snake(type.getSimpleName()) : named.value();
  }

  public static String snake(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
