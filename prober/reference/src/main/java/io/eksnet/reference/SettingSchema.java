package io.eksnet.reference;

import com.google.re2j.Pattern;
import io.eksnet.config.Durations;
import io.eksnet.config.ScalarType;
import io.eksnet.config.Setting;
import io.eksnet.config.SettingKey;
import io.eksnet.config.SettingType;
import io.eksnet.config.Shorthand;
import io.eksnet.config.YamlParser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON Schema of the values that the reader accepts for a setting. */
final class SettingSchema {
  private static final List<String> TEXT_TYPES = List.of("string", "number", "boolean");

  private SettingSchema() {}

  /** A mapping with these keys and no others. */
  static Map<String, Object> mapping(List<SettingKey> keys) {
    var properties = new LinkedHashMap<String, Object>();
    keys.forEach(key -> properties.put(key.name(), key(key)));
    var required =
        keys.stream().filter(key -> key.setting().required()).map(SettingKey::name).toList();
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", required.isEmpty() ? List.of("object", "null") : "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Map<String, Object> key(SettingKey key) {
    var setting = key.setting();
    var schema = new LinkedHashMap<String, Object>();
    schema.put("description", description(key));
    schema.putAll(of(key.type(), setting));
    if (!key.fallback().isEmpty()) {
      schema.put("default", value(key.fallback(), key.type()));
    }
    if (!setting.example().isEmpty()) {
      schema.put("examples", Arrays.asList(value(setting.example(), key.type())));
    }
    return schema;
  }

  /** Has the bounds of durations: a schema cannot compare them. */
  private static String description(SettingKey key) {
    var setting = key.setting();
    return ScalarType.hasBounds(setting) && isDuration(key.type())
        ? setting.value() + " " + capital(ScalarType.bounds(Duration.class, setting)) + "."
        : setting.value();
  }

  private static Map<String, Object> of(SettingType settingType, Setting setting) {
    if (settingType instanceof SettingType.Scalar scalar) {
      return scalar(scalar.type(), setting);
    }
    if (settingType instanceof SettingType.OptionalValue optional) {
      return orNull(of(optional.value(), setting));
    }
    if (settingType instanceof SettingType.Table table) {
      var schema = new LinkedHashMap<String, Object>();
      schema.put("type", List.of("object", "null"));
      schema.put("additionalProperties", of(table.value(), setting));
      return schema;
    }
    if (settingType instanceof SettingType.Sequence sequence) {
      var schema = new LinkedHashMap<String, Object>();
      schema.put("type", List.of("array", "null"));
      schema.put("items", of(sequence.element(), setting));
      if (sequence.distinct()) {
        schema.put("uniqueItems", true);
      }
      return schema;
    }
    return group(((SettingType.Group) settingType).type());
  }

  private static Map<String, Object> group(Class<? extends Record> type) {
    var keys = SettingKey.of(type);
    if (!type.isAnnotationPresent(Shorthand.class)) {
      return mapping(keys);
    }
    var first = keys.get(0);
    var schema = new LinkedHashMap<String, Object>();
    schema.put("anyOf", List.of(of(first.type(), first.setting()), mapping(keys)));
    return schema;
  }

  private static Map<String, Object> scalar(Class<?> type, Setting setting) {
    var schema = new LinkedHashMap<String, Object>();
    if (type.isEnum()) {
      schema.put("enum", ScalarType.constants(type));
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
      schema.put("type", TEXT_TYPES);
      schema.putAll(type == String.class ? Map.of() : Map.of("minLength", 1));
      bounds(schema, setting, "minLength", "maxLength");
    }
    return schema;
  }

  private static void bounds(
      Map<String, Object> schema, Setting setting, String minKey, String maxKey) {
    if (Double.isFinite(setting.min())) {
      schema.put(minKey, number(setting.min()));
    }
    if (Double.isFinite(setting.max())) {
      schema.put(maxKey, number(setting.max()));
    }
  }

  /** A whole number where it is one. */
  private static Number number(double value) {
    return value == Math.rint(value) ? (Number) (long) value : (Number) value;
  }

  private static Map<String, Object> orNull(Map<String, Object> schema) {
    var open = new LinkedHashMap<>(schema);
    open.computeIfPresent("type", (key, type) -> with(type, "null"));
    open.computeIfPresent("enum", (key, values) -> with(values, null));
    return open;
  }

  private static List<Object> with(Object types, @Nullable String more) {
    var all = new ArrayList<Object>(types instanceof List<?> list ? list : List.of(types));
    if (!all.contains(more)) {
      all.add(more);
    }
    return all;
  }

  /** A default or an example; where the reader expects text, {@code 10} is text. */
  private static @Nullable Object value(String yaml, SettingType settingType) {
    var of =
        settingType instanceof SettingType.OptionalValue optional ? optional.value() : settingType;
    var text = of instanceof SettingType.Scalar scalar && isText(scalar.type());
    return YamlParser.parseValue(yaml, text);
  }

  private static boolean isText(Class<?> type) {
    return type == String.class || type == Path.class || type == Pattern.class;
  }

  private static boolean isDuration(SettingType settingType) {
    return settingType.equals(new SettingType.Scalar(Duration.class))
        || (settingType instanceof SettingType.OptionalValue optional
            && isDuration(optional.value()));
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
