package io.eksnet.config;

import com.google.re2j.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** JSON Schema of the values that the reader accepts for a shape. */
final class ShapeSchema {
  private static final LoadSettings YAML =
      LoadSettings.builder().setSchema(new CoreSchema()).build();
  private static final LoadSettings WORD =
      LoadSettings.builder().setSchema(new FailsafeSchema()).build();
  private static final List<String> WORDS = List.of("string", "number", "boolean");

  private ShapeSchema() {}

  /** A mapping with these keys and no others. */
  static Map<String, Object> mapping(List<Key> keys) {
    var properties = new LinkedHashMap<String, Object>();
    keys.forEach(key -> properties.put(key.name(), key(key)));
    var required = keys.stream().filter(key -> key.setting().required()).map(Key::name).toList();
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", required.isEmpty() ? List.of("object", "null") : "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Map<String, Object> key(Key key) {
    var setting = key.setting();
    var schema = new LinkedHashMap<String, Object>();
    schema.put("description", description(key));
    schema.putAll(of(key.shape(), setting));
    if (!setting.fallback().isEmpty()) {
      schema.put("default", value(setting.fallback(), key.shape()));
    }
    if (!setting.example().isEmpty()) {
      schema.put("examples", Arrays.asList(value(setting.example(), key.shape())));
    }
    return schema;
  }

  /** Bounds of durations stand here: a schema cannot compare them. */
  private static String description(Key key) {
    var setting = key.setting();
    return Bounds.exist(setting) && isDuration(key.shape())
        ? setting.value() + " " + capital(Bounds.text(setting, Bounds::duration)) + "."
        : setting.value();
  }

  private static Map<String, Object> of(Shape shape, Setting setting) {
    if (shape instanceof Shape.Scalar scalar) {
      return scalar(scalar.type(), setting);
    }
    if (shape instanceof Shape.Maybe maybe) {
      return orNull(of(maybe.of(), setting));
    }
    if (shape instanceof Shape.Table table) {
      var schema = new LinkedHashMap<String, Object>();
      schema.put("type", List.of("object", "null"));
      schema.put("additionalProperties", of(table.of(), setting));
      return schema;
    }
    if (shape instanceof Shape.Sequence sequence) {
      var schema = new LinkedHashMap<String, Object>();
      schema.put("type", List.of("array", "null"));
      schema.put("items", of(sequence.of(), setting));
      if (sequence.distinct()) {
        schema.put("uniqueItems", true);
      }
      return schema;
    }
    return mapping(Key.of(((Shape.Group) shape).type()));
  }

  private static Map<String, Object> scalar(Class<?> type, Setting setting) {
    var schema = new LinkedHashMap<String, Object>();
    if (type.isEnum()) {
      schema.put("enum", Words.of(type));
    } else if (setting.oneOf().length > 0) {
      schema.put("enum", List.of(setting.oneOf()));
    } else if (type == boolean.class) {
      schema.put("type", "boolean");
    } else if (type == int.class || type == long.class || type == double.class) {
      schema.put("type", type == double.class ? "number" : "integer");
      bounds(schema, setting, "minimum", "maximum");
    } else if (type == Duration.class) {
      schema.put("type", "string");
      schema.put("pattern", "^" + Durations.PATTERN + "$");
    } else {
      schema.put("type", WORDS);
      schema.putAll(type == String.class ? Map.of() : Map.of("minLength", 1));
      bounds(schema, setting, "minLength", "maxLength");
    }
    return schema;
  }

  private static void bounds(
      Map<String, Object> schema, Setting setting, String least, String most) {
    if (Double.isFinite(setting.min())) {
      schema.put(least, Bounds.json(setting.min()));
    }
    if (Double.isFinite(setting.max())) {
      schema.put(most, Bounds.json(setting.max()));
    }
  }

  private static Map<String, Object> orNull(Map<String, Object> schema) {
    var open = new LinkedHashMap<>(schema);
    open.computeIfPresent("type", (key, type) -> with(type, "null"));
    open.computeIfPresent("enum", (key, words) -> with(words, null));
    return open;
  }

  private static List<Object> with(Object types, @Nullable String more) {
    var all = new ArrayList<Object>(types instanceof List<?> list ? list : List.of(types));
    if (!all.contains(more)) {
      all.add(more);
    }
    return all;
  }

  /** A default or an example; what the reader takes as a word is none of JSON's numbers. */
  private static Object value(String yaml, Shape shape) {
    var of = shape instanceof Shape.Maybe maybe ? maybe.of() : shape;
    var word = of instanceof Shape.Scalar scalar && isWord(scalar.type());
    return new Load(word ? WORD : YAML).loadFromString(yaml);
  }

  private static boolean isWord(Class<?> type) {
    return type == String.class || type == Path.class || type == Pattern.class;
  }

  private static boolean isDuration(Shape shape) {
    return shape.equals(new Shape.Scalar(Duration.class))
        || (shape instanceof Shape.Maybe maybe && isDuration(maybe.of()));
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
