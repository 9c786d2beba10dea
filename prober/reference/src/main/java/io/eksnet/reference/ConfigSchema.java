package io.eksnet.reference;

import io.eksnet.config.LabelNames;
import io.eksnet.config.ModuleSettings;
import io.eksnet.config.SettingKey;
import io.eksnet.config.Settings;
import io.eksnet.model.KindSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The JSON Schema of the config file, for editors and checks before a rollout. */
public final class ConfigSchema {
  private ConfigSchema() {}

  /** Draft 2020-12, with the probes of these kinds. */
  public static String json(Collection<? extends KindSpec<?>> kinds) {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "The configuration of eksnet");
    var root = SettingSchema.mapping(SettingKey.of(Settings.class));
    property(root, "labels").put("propertyNames", labelNames());
    property(root, "probes").put("items", anyKind(kinds, ConfigSchema::definition));
    property(property(root, "probe_resources"), "modules")
        .put("additionalProperties", anyKind(kinds, ConfigSchema::moduleDefinition));
    schema.putAll(root);
    var definitions = new LinkedHashMap<String, Object>();
    kinds.forEach(kind -> definitions.put(definition(kind), probe(kind)));
    kinds.forEach(kind -> definitions.put(moduleDefinition(kind), module(kind)));
    schema.put("$defs", definitions);
    return PrettyJson.pretty(schema);
  }

  private static Map<String, Object> probe(KindSpec<?> kind) {
    var keys = new ArrayList<>(SettingKey.ofProbes());
    keys.addAll(SettingKey.ofKind(kind));
    var schema = new LinkedHashMap<String, Object>();
    schema.put("description", kind.summary());
    schema.putAll(SettingSchema.mapping(keys));
    property(schema, "kind").put("const", kind.name());
    var targets = property(schema, "targets");
    targets.put("type", "array");
    targets.put("minItems", 1);
    targets.put("uniqueItems", true);
    return schema;
  }

  private static Map<String, Object> module(KindSpec<?> kind) {
    var keys = new ArrayList<>(SettingKey.of(ModuleSettings.class));
    keys.addAll(SettingKey.ofKind(kind));
    var schema = new LinkedHashMap<String, Object>();
    schema.put("description", kind.summary());
    schema.putAll(SettingSchema.mapping(keys));
    property(schema, "kind").put("const", kind.name());
    return schema;
  }

  /** One branch per kind and no {@code oneOf}, so that a validator reports errors of that kind. */
  private static Map<String, Object> anyKind(
      Collection<? extends KindSpec<?>> kinds, Function<KindSpec<?>, String> definition) {
    var names = kinds.stream().map(KindSpec::name).toList();
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", "object");
    schema.put("required", List.of("kind"));
    schema.put("properties", Map.of("kind", Map.of("enum", names)));
    schema.put("allOf", kinds.stream().map(kind -> branch(kind, definition.apply(kind))).toList());
    return schema;
  }

  private static Map<String, Object> branch(KindSpec<?> kind, String definition) {
    var branch = new LinkedHashMap<String, Object>();
    branch.put("if", Map.of("properties", Map.of("kind", Map.of("const", kind.name()))));
    branch.put("then", Map.of("$ref", "#/$defs/" + definition));
    return branch;
  }

  private static Map<String, Object> labelNames() {
    var names = new LinkedHashMap<String, Object>();
    names.put("pattern", "^(?!__)" + LabelNames.PATTERN + "$");
    names.put("not", Map.of("enum", LabelNames.RESERVED));
    return names;
  }

  private static String definition(KindSpec<?> kind) {
    return "probe_" + kind.name();
  }

  private static String moduleDefinition(KindSpec<?> kind) {
    return "module_" + kind.name();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> property(Map<String, Object> schema, String name) {
    var properties = (Map<String, Object>) Objects.requireNonNull(schema.get("properties"));
    return (Map<String, Object>) Objects.requireNonNull(properties.get(name));
  }
}
