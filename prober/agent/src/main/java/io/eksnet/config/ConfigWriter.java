package io.eksnet.config;

import com.google.re2j.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Writes settings as YAML, with all defaults. The reader reads the same settings from it, except
 * for secrets, which are masked.
 */
public final class ConfigWriter {
  private static final String MASK = "<secret>";
  private static final DumpSettings SETTINGS =
      DumpSettings.builder()
          .setDefaultFlowStyle(FlowStyle.BLOCK)
          .setDereferenceAliases(true)
          .setSplitLines(false)
          .setSchema(new CoreSchema())
          .build();

  private ConfigWriter() {}

  /** The effective config. */
  public static String yaml(Settings settings) {
    return dump(group(settings));
  }

  static String dump(Map<String, Object> config) {
    return new Dump(SETTINGS).dumpToString(config);
  }

  private static Map<String, Object> group(Record settings) {
    var group = new LinkedHashMap<String, Object>();
    for (var key : SettingKey.of(settings.getClass())) {
      put(group, key.name(), key.value(settings), key.setting().secret());
    }
    if (settings instanceof ProbeSettings probe) {
      group.putAll(group(probe.settings()));
    } else if (settings instanceof ModuleSettings module) {
      group.putAll(group(module.settings()));
    }
    return group;
  }

  /** An absent value is written as null, so that it is not read as the default. */
  private static void put(Map<String, Object> group, String key, Object value, boolean secret) {
    if (value instanceof Optional<?> optional) {
      group.put(key, optional.isEmpty() ? null : plain(optional.get(), secret));
    } else {
      group.put(key, plain(value, secret));
    }
  }

  private static Object plain(Object value, boolean secret) {
    if (value instanceof Collection<?> collection) {
      return collection.stream().map(element -> plain(element, secret)).toList();
    } else if (value instanceof Map<?, ?> map) {
      return table(map, secret);
    } else if (secret) {
      return MASK;
    } else if (value instanceof Record record) {
      return isShort(record) ? plain(firstValue(record), secret) : group(record);
    }
    return scalar(value);
  }

  /** Whether only the first key has a value, so that the record can be written without keys. */
  private static boolean isShort(Record record) {
    return record.getClass().isAnnotationPresent(Shorthand.class)
        && SettingKey.of(record.getClass()).stream()
            .skip(1)
            .map(key -> key.value(record))
            .allMatch(value -> value.equals(Map.of()) || value.equals(Optional.empty()));
  }

  private static Object firstValue(Record record) {
    return SettingKey.of(record.getClass()).get(0).value(record);
  }

  private static Map<String, Object> table(Map<?, ?> map, boolean secret) {
    var table = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> put(table, (String) key, value, secret));
    return table;
  }

  private static Object scalar(Object value) {
    if (value instanceof Duration duration) {
      return Durations.text(duration);
    } else if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
    return value instanceof Path || value instanceof Pattern || value instanceof String
        ? EnvironmentReferences.escape(value.toString())
        : value;
  }
}
