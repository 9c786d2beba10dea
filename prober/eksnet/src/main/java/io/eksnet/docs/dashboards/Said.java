package io.eksnet.docs.dashboards;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A value in words. */
record Said(double value, String text, String color) {
  /** What a gauge of 1 and 0 means. */
  static List<Said> yesNo(String one, String zero) {
    return List.of(new Said(1, one, "green"), new Said(0, zero, "red"));
  }

  static JsonArray json(List<Said> all) {
    var mappings = new JsonArray();
    for (int i = 0; i < all.size(); i++) {
      var said = all.get(i);
      var result = JsonObject.of("text", said.text, "color", said.color, "index", i);
      mappings.add(
          JsonObject.of("type", "value", "options", JsonObject.of(number(said.value), result)));
    }
    return mappings;
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
