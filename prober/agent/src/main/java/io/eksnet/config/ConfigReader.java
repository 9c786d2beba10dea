package io.eksnet.config;

import io.eksnet.model.KindSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The config file to settings: strict, and all problems at once. Reads no other file; {@link
 * FileCheck} looks at those the config names.
 */
public final class ConfigReader {
  private ConfigReader() {}

  /** Reads a config whose relative paths are those of the working directory. */
  public static Reading read(String yaml, Map<String, ? extends KindSpec<?>> kinds) {
    return read(yaml, kinds, Path.of(""));
  }

  /** Reads a config whose relative paths start at {@code directory}. */
  public static Reading read(
      String yaml, Map<String, ? extends KindSpec<?>> kinds, Path directory) {
    try {
      return read(YamlTree.of(yaml), kinds, directory);
    } catch (YamlTree.Unreadable e) {
      return new Reading.Rejected(List.of(e.problem()));
    } catch (Binder.TooMuch e) {
      return new Reading.Rejected(List.of(new Problem(1, 1, "", String.valueOf(e.getMessage()))));
    }
  }

  private static Reading read(Node root, Map<String, ? extends KindSpec<?>> kinds, Path directory) {
    var problems = new Problems();
    var binder = new Binder(directory, problems);
    var fields = binder.fields(new Place(root, ""));
    if (fields == null) {
      return new Reading.Rejected(problems.inOrder());
    }
    var keys = Key.of(Settings.class);
    fields.refuseUnknown(KindKeys.names(keys), problems);
    requireLabelNames(fields, problems);
    var others = keys.stream().filter(key -> !key.name().equals("probes")).toList();
    var values = binder.values(fields, others);
    var probes = new ProbeReader(binder, kinds, (Defaults) values.get("defaults"));
    values.put("probes", fields.value("probes").map(probes::probes).orElse(List.of()));
    if (!problems.isEmpty()) {
      return new Reading.Rejected(problems.inOrder());
    }
    var settings = binder.record(fields, Settings.class, values);
    return settings == null
        ? new Reading.Rejected(problems.inOrder())
        : new Reading.Accepted((Settings) settings, binder.files());
  }

  /** Names only: what else may be wrong with the mapping is found when it is bound. */
  private static void requireLabelNames(Fields root, Problems problems) {
    var unheard = new Binder(Path.of(""), new Problems());
    var labels = root.value("labels").map(unheard::fields);
    labels.ifPresent(
        fields ->
            fields
                .values()
                .forEach(
                    (name, place) ->
                        LabelNames.problem(name)
                            .ifPresent(message -> problems.add(place, message))));
  }
}
