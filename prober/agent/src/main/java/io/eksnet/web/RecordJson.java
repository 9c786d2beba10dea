package io.eksnet.web;

import io.eksnet.model.JsonName;
import io.eksnet.model.Labelled;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Model records as JSON, as {@code io.eksnet.controller.web.ModelJson} reads them: components in
 * snake case or by {@link JsonName}, the name of the record as {@code type}, times as in RFC 3339,
 * enums by their labels, absent Optionals left out.
 */
final class RecordJson {
  private static final ClassValue<Map<String, Method>> ACCESSORS =
      new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
          var accessors = new LinkedHashMap<String, Method>();
          for (var component : type.getRecordComponents()) {
            accessors.put(name(component), component.getAccessor());
          }
          return accessors;
        }
      };

  private RecordJson() {}

  /** A record whose components are of the types that the model uses. */
  static JsonObject of(Record value) {
    var json = new JsonObject();
    var type = value.getClass().getAnnotation(JsonName.class);
    if (type != null) {
      json.put("type", type.value());
    }
    ACCESSORS
        .get(value.getClass())
        .forEach((name, accessor) -> put(json, name, component(accessor, value)));
    return json;
  }

  private static void put(JsonObject json, String name, Object value) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> put(json, name, present));
    } else if (value instanceof Record part) {
      json.put(name, of(part));
    } else if (value instanceof Labelled constant) {
      json.put(name, constant.label());
    } else if (value instanceof Instant time) {
      json.put(name, time.toString());
    } else if (value instanceof Map<?, ?> map) {
      var entries = new JsonObject();
      map.forEach((key, entry) -> put(entries, (String) key, entry));
      json.put(name, entries);
    } else if (value instanceof List<?> texts) {
      json.put(name, new JsonArray(texts));
    } else if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      json.put(name, value);
    } else {
      throw new IllegalArgumentException(name + ": no JSON for " + value.getClass());
    }
  }

  private static Object component(Method accessor, Record value) {
    try {
      return accessor.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + accessor, e);
    }
  }

  private static String name(RecordComponent component) {
    var named = component.getAnnotation(JsonName.class);
    return named == null
        ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
        : named.value();
  }
}
