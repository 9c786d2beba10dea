package io.eksnet.dashboards;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files of {@code dashboards}, read as Prometheus and Alertmanager read them. */
final class Dashboards {
  static final Path ROOT = root();

  private Dashboards() {}

  /** An alert or a recording rule. */
  record Rule(
      String file,
      Optional<String> alert,
      Optional<String> record,
      String expr,
      String hold,
      String keepFiringFor,
      Map<String, String> labels,
      Map<String, String> annotations) {}

  static List<Path> files(String folder, String extension) throws IOException {
    try (var found = Files.list(ROOT.resolve(folder))) {
      return found.filter(path -> path.toString().endsWith(extension)).sorted().toList();
    }
  }

  static List<Rule> alerts() throws IOException {
    return rules("alerts");
  }

  static List<Rule> recordings() throws IOException {
    return rules("rules");
  }

  static Map<String, Object> yaml(Path file) throws IOException {
    return yaml(Files.readString(file));
  }

  static Map<String, Object> yaml(String text) {
    return map(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  @SuppressWarnings("unchecked") // the keys of these files are text
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  static List<Map<String, Object>> maps(Object list) {
    return ((List<?>) list).stream().map(Dashboards::map).toList();
  }

  private static List<Rule> rules(String folder) throws IOException {
    var rules = new ArrayList<Rule>();
    for (var file : files(folder, ".yaml")) {
      for (var group : maps(yaml(file).get("groups"))) {
        for (var rule : maps(group.get("rules"))) {
          rules.add(rule(file.getFileName().toString(), rule));
        }
      }
    }
    return rules;
  }

  private static Rule rule(String file, Map<String, Object> rule) {
    return new Rule(
        file,
        Optional.ofNullable((String) rule.get("alert")),
        Optional.ofNullable((String) rule.get("record")),
        (String) rule.get("expr"),
        (String) rule.getOrDefault("for", ""),
        (String) rule.getOrDefault("keep_firing_for", ""),
        texts(rule.getOrDefault("labels", Map.of())),
        texts(rule.getOrDefault("annotations", Map.of())));
  }

  private static Map<String, String> texts(Object of) {
    var texts = new TreeMap<String, String>();
    map(of).forEach((key, value) -> texts.put(key, (String) value));
    return texts;
  }

  /** The tests run in the folder of their module. */
  private static Path root() {
    var here = Path.of("").toAbsolutePath();
    while (here != null && !Files.isDirectory(here.resolve("dashboards/alerts"))) {
      here = here.getParent();
    }
    if (here == null) {
      throw new IllegalStateException("there is no folder dashboards above " + Path.of(""));
    }
    return here.resolve("dashboards");
  }
}
