package io.eksnet.docs.dashboards;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Colours by value: the first below all steps, each next one from its value on. */
record Steps(String base, List<Step> steps) {
  /** No judgement. */
  static final Steps PLAIN = new Steps("blue", List.of());

  /** Any is bad. */
  static final Steps NONE_WANTED = new Steps("green", List.of(new Step(1, "red")));

  /** 1 is good and 0 is bad. */
  static final Steps WANTED = new Steps("red", List.of(new Step(1, "green")));

  /** Of failing runs: the ratios at which alerts warn and page. */
  static final Steps FAILING =
      new Steps("green", List.of(new Step(0.01, "orange"), new Step(0.25, "red")));

  record Step(double from, String color) {}

  Steps {
    steps = List.copyOf(steps);
  }

  static Steps from(String base) {
    return new Steps(base, List.of());
  }

  Steps then(double from, String color) {
    var more = new ArrayList<>(steps);
    more.add(new Step(from, color));
    return new Steps(base, more);
  }

  JsonObject json() {
    var all = new JsonArray().add(new JsonObject().put("color", base).putNull("value"));
    steps.forEach(step -> all.add(JsonObject.of("color", step.color(), "value", step.from())));
    return JsonObject.of("mode", "absolute", "steps", all);
  }
}
