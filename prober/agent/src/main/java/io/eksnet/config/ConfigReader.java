package io.eksnet.config;

import io.eksnet.model.KindSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads config files: strict, and with all problems at once. Reads no other file; {@link FileCheck}
 * looks at those that the config names.
 */
public final class ConfigReader {
  private static final String DEFAULT_NAME = "eksnet.yaml";

  private ConfigReader() {}

  /** Reads a config whose relative paths start at the working directory. */
  public static ConfigResult read(String yaml, Map<String, ? extends KindSpec<?>> kinds) {
    return read(new ConfigSource(DEFAULT_NAME, yaml, Path.of("")), kinds);
  }

  /** Reads the config of eksnet. */
  public static ConfigResult read(ConfigSource source, Map<String, ? extends KindSpec<?>> kinds) {
    try {
      return settings(YamlParser.parse(source), kinds);
    } catch (InvalidConfigException e) {
      return new ConfigResult.Invalid(e.problems());
    } catch (Binder.TooManyValuesException e) {
      return new ConfigResult.Invalid(List.of(tooManyValues(source, e)));
    }
  }

  /**
   * Reads a file that is one settings record, and checks that the files that it names can be read.
   *
   * @throws InvalidConfigException with all problems
   */
  public static <R extends Record> R readRecord(ConfigSource source, Class<R> type)
      throws InvalidConfigException {
    var binder = new Binder();
    try {
      var record = binder.group(YamlParser.parse(source), type);
      var problems = new ArrayList<>(binder.problems());
      problems.addAll(FileCheck.unreadable(binder.files()));
      if (record != null && problems.isEmpty()) {
        return type.cast(record);
      }
      throw new InvalidConfigException(problems);
    } catch (Binder.TooManyValuesException e) {
      throw new InvalidConfigException(List.of(tooManyValues(source, e)));
    }
  }

  /**
   * A settings record with the default of every key, so that a default is declared once, in its
   * {@link Setting}.
   *
   * @throws IllegalStateException if a key is required or a default is invalid
   */
  public static <R extends Record> R defaults(Class<R> type) {
    try {
      return readRecord(new ConfigSource("defaults of " + type.getName(), "", Path.of("")), type);
    } catch (InvalidConfigException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static ConfigResult settings(ConfigNode root, Map<String, ? extends KindSpec<?>> kinds) {
    var binder = new Binder();
    var mapping = binder.mapping(root);
    if (mapping == null) {
      return new ConfigResult.Invalid(binder.problems());
    }
    var keys = SettingKey.of(Settings.class);
    mapping.unknownKeys(SettingKey.names(keys)).forEach(binder::report);
    var others = keys.stream().filter(key -> !key.name().equals("probes")).toList();
    var values = binder.values(mapping, others);
    checkLabels(mapping, values, binder);
    var probes = new ProbeReader(binder, kinds, (Defaults) values.get("defaults"));
    values.put("probes", mapping.value("probes").map(probes::probes).orElse(List.of()));
    var settings = binder.record(mapping, Settings.class, values);
    return settings == null || binder.hasProblems()
        ? new ConfigResult.Invalid(binder.problems())
        : new ConfigResult.Valid((Settings) settings, binder.files());
  }

  /** Reports all of them; the constructor of the settings stops at the first one. */
  private static void checkLabels(YamlMapping mapping, Map<String, Object> values, Binder binder) {
    if (!(values.get("labels") instanceof Map<?, ?> labels)) {
      return;
    }
    labels.forEach(
        (name, value) ->
            LabelNames.problem((String) name, (String) value)
                .ifPresent(
                    message -> {
                      binder.report(new Problem(mapping.locationOf("labels." + name), message));
                      values.remove("labels");
                    }));
  }

  private static Problem tooManyValues(ConfigSource source, Binder.TooManyValuesException e) {
    return new Problem(Location.startOf(source.name()), String.valueOf(e.getMessage()));
  }
}
