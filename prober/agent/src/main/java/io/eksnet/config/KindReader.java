package io.eksnet.config;

import io.eksnet.model.KindSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads mappings that have the settings of a probe kind beside keys that all of them have. */
final class KindReader {
  private final Binder binder;
  private final Map<String, ? extends KindSpec<?>> kinds;

  KindReader(Binder binder, Map<String, ? extends KindSpec<?>> kinds) {
    this.binder = binder;
    this.kinds = kinds;
  }

  /** The kind of this name; null, and a problem, if there is none. */
  @Nullable KindSpec<?> kind(YamlMapping mapping, @Nullable String name) {
    if (name == null) {
      return null;
    }
    var kind = kinds.get(name);
    return kind != null
        ? kind
        : binder.report(
            mapping.value("kind").orElse(mapping.node()),
            "unknown kind "
                + ErrorText.quote(name)
                + ErrorText.suggest(name, new TreeSet<>(kinds.keySet())));
  }

  /**
   * The settings of a kind; null, and problems, if one is invalid.
   *
   * @param common the other keys of the mapping
   */
  <S extends Record> @Nullable S settings(
      YamlMapping mapping, KindSpec<S> kind, List<SettingKey> common) {
    var keys = SettingKey.ofKind(kind);
    var known = new ArrayList<>(SettingKey.names(common));
    known.addAll(SettingKey.names(keys));
    mapping.unknownKeys(known).forEach(binder::report);
    var bound = binder.record(mapping, kind.settings(), binder.values(mapping, keys));
    return bound == null ? null : checked(mapping, kind, kind.settings().cast(bound));
  }

  /** A module of Probe resources; null, and problems, if it is invalid. */
  @Nullable Record module(ConfigNode node) {
    var mapping = binder.mapping(node);
    if (mapping == null) {
      return null;
    }
    var common = SettingKey.of(ModuleSettings.class);
    var values = binder.values(mapping, common);
    var kind = kind(mapping, (String) values.get("kind"));
    var settings = kind == null ? null : settings(mapping, kind, common);
    if (settings == null) {
      return null;
    }
    values.put("settings", settings);
    return binder.record(mapping, ModuleSettings.class, values);
  }

  private <S extends Record> @Nullable S checked(
      YamlMapping mapping, KindSpec<S> kind, S settings) {
    try {
      kind.check(settings);
      return settings;
    } catch (IllegalArgumentException e) {
      return binder.report(mapping, e);
    }
  }
}
