package io.eksnet.reference.alerts;

import java.util.List;

/**
 * While one alert fires, the others are not notified.
 *
 * @param sources matchers, as Alertmanager writes them
 * @param targets matchers
 * @param equal labels in which both must agree
 */
record InhibitRule(List<String> sources, List<String> targets, List<String> equal) {
  InhibitRule {
    sources = List.copyOf(sources);
    targets = List.copyOf(targets);
    equal = List.copyOf(equal);
  }

  static List<InhibitRule> of(YamlPath alertmanager) {
    return alertmanager.trees("inhibit_rules").stream()
        .map(
            rule ->
                new InhibitRule(
                    rule.texts("source_matchers"),
                    rule.texts("target_matchers"),
                    rule.texts("equal")))
        .toList();
  }
}
