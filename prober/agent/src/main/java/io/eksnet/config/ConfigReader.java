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
  private static final String PROBES = "probes";

  private ConfigReader() {}

  /** Reads one file whose relative paths start at the working directory. */
  public static ConfigResult read(String yaml, Map<String, ? extends KindSpec<?>> kinds) {
    return read(List.of(new ConfigSource(DEFAULT_NAME, yaml, Path.of(""))), kinds, Map.of());
  }

  /**
   * Reads the config of eksnet. The probes of all files are one list; every other key at the top
   * level is in one of the files.
   *
   * @param environment the variables that {@code ${env:NAME}} in a value refers to
   */
  public static ConfigResult read(
      List<ConfigSource> files,
      Map<String, ? extends KindSpec<?>> kinds,
      Map<String, String> environment) {
    try {
      var roots = new ArrayList<ConfigNode>();
      for (var file : files) {
        roots.add(YamlParser.parse(file));
      }
      return settings(roots, kinds, environment);
    } catch (InvalidConfigException e) {
      return new ConfigResult.Invalid(e.problems());
    } catch (Binder.TooManyValuesException e) {
      return new ConfigResult.Invalid(List.of(tooManyValues(files.get(0), e)));
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

  private static ConfigResult settings(
      List<ConfigNode> roots,
      Map<String, ? extends KindSpec<?>> kinds,
      Map<String, String> environment) {
    var binder = new Binder(text -> EnvironmentReferences.expand(text, environment));
    var kindReader = new KindReader(binder, kinds);
    binder.readWith(ModuleSettings.class, kindReader::module);
    var keys = SettingKey.of(Settings.class);
    var empty = YamlParser.emptyMapping();
    var mapping = new YamlMapping(new ConfigNode(roots.get(0).source(), empty, ""), empty);
    var probeLists = new ArrayList<ConfigNode>();
    for (var root : roots) {
      var file = binder.mapping(root);
      if (file == null) {
        return new ConfigResult.Invalid(binder.problems());
      }
      file.unknownKeys(SettingKey.names(keys)).forEach(binder::report);
      mapping.addAll(file, PROBES).forEach(binder::report);
      file.value(PROBES).ifPresent(probeLists::add);
    }
    var others = keys.stream().filter(key -> !key.name().equals(PROBES)).toList();
    var values = binder.values(mapping, others);
    checkLabels(mapping, values, binder);
    var probes = new ProbeReader(binder, kindReader, (Defaults) values.get("defaults"));
    values.put(PROBES, probeLists.stream().flatMap(list -> probes.probes(list).stream()).toList());
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
