package io.eksnet.config;

import io.eksnet.model.KindSpec;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A key of the config file: a component of a settings record.
 *
 * @param name as written in the file
 * @param fallback the default in YAML; empty if none is declared
 * @param components from the settings record to the value; more than one if it is {@link Inline}
 */
public record SettingKey(
    String name,
    SettingType type,
    Setting setting,
    String fallback,
    List<RecordComponent> components) {
  private static final ClassValue<List<SettingKey>> KEYS =
      new ClassValue<>() {
        @Override
        protected List<SettingKey> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents()).flatMap(SettingKey::keys).toList();
        }
      };

  public SettingKey {
    Objects.requireNonNull(name);
    Objects.requireNonNull(type);
    Objects.requireNonNull(setting);
    Objects.requireNonNull(fallback);
    components = List.copyOf(components);
  }

  /** The keys of a settings record in their order. */
  public static List<SettingKey> of(Class<? extends Record> type) {
    return KEYS.get(type);
  }

  /** The keys that every probe has, whatever its kind. */
  public static List<SettingKey> ofProbes() {
    return of(ProbeSettings.class);
  }

  /**
   * The keys of a kind, which stand in the mapping of a probe beside the common ones.
   *
   * @throws IllegalArgumentException if one of them is the name of a common key
   */
  public static List<SettingKey> ofKind(KindSpec<?> kind) {
    var keys = of(kind.settings());
    var common = names(ofProbes());
    for (var key : keys) {
      if (common.contains(key.name())) {
        throw new IllegalArgumentException(
            "kind %s must rename its setting \"%s\": every probe has a key of this name"
                .formatted(kind.name(), key.name()));
      }
    }
    return keys;
  }

  static List<String> names(List<SettingKey> keys) {
    return keys.stream().map(SettingKey::name).toList();
  }

  /** {@code runsInFlight} as {@code runs_in_flight}. */
  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** The type with its bounds for the reference, such as {@code whole number, 1 to 10}. */
  public String describeType() {
    var described = type.describe(setting);
    return type instanceof SettingType.OptionalValue && !fallback.isEmpty()
        ? described + ", or `null`"
        : described;
  }

  /** The keys within the value, if it is a mapping of known keys or a list of such. */
  public List<SettingKey> inner() {
    return inner(type);
  }

  /** The value in {@code settings}. */
  Object value(Record settings) {
    Object value = settings;
    try {
      for (var component : components) {
        var accessor = component.getAccessor();
        accessor.setAccessible(true);
        value = accessor.invoke(value);
      }
      return value;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + components, e);
    }
  }

  private static List<SettingKey> inner(SettingType type) {
    if (type instanceof SettingType.Group group) {
      return of(group.type());
    } else if (type instanceof SettingType.Sequence sequence) {
      return inner(sequence.element());
    } else if (type instanceof SettingType.Table table) {
      return inner(table.value());
    }
    return type instanceof SettingType.OptionalValue optional ? inner(optional.value()) : List.of();
  }

  /** One key for a setting, those of the shared record if it is inline, else none. */
  private static Stream<SettingKey> keys(RecordComponent component) {
    var setting = component.getAnnotation(Setting.class);
    if (setting != null) {
      return Stream.of(
          new SettingKey(
              snakeCase(component.getName()),
              SettingType.of(component.getGenericType()),
              setting,
              setting.fallback(),
              List.of(component)));
    }
    var inline = component.getAnnotation(Inline.class);
    if (inline == null) {
      return Stream.empty();
    }
    var defaults = defaults(inline);
    return of(component.getType().asSubclass(Record.class)).stream()
        .map(
            key ->
                new SettingKey(
                    key.name(),
                    key.type(),
                    key.setting(),
                    defaults.getOrDefault(key.name(), key.fallback()),
                    prepend(component, key.components())));
  }

  private static Map<String, String> defaults(Inline inline) {
    var defaults = new LinkedHashMap<String, String>();
    for (var entry : inline.defaults()) {
      var parts = entry.split(": ", 2);
      defaults.put(parts[0], parts[1]);
    }
    return defaults;
  }

  private static List<RecordComponent> prepend(
      RecordComponent first, List<RecordComponent> components) {
    var all = new ArrayList<RecordComponent>();
    all.add(first);
    all.addAll(components);
    return all;
  }
}
