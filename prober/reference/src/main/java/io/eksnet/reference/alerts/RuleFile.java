package io.eksnet.reference.alerts;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A file of rules.
 *
 * @param about the text of its first comment
 */
record RuleFile(String name, String about, List<Rule> rules) {
  RuleFile {
    rules = List.copyOf(rules);
  }

  static RuleFile of(String name, String yaml) {
    var rules =
        YamlPath.of(yaml).trees("groups").stream()
            .flatMap(group -> group.trees("rules").stream())
            .map(Rule::of)
            .toList();
    return new RuleFile(name, about(yaml), rules);
  }

  private static String about(String yaml) {
    return yaml.lines()
        .takeWhile(line -> line.startsWith("# "))
        .map(line -> line.substring(2))
        .collect(Collectors.joining(" "));
  }
}
