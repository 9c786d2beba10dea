package io.eksnet.plan;

import io.eksnet.fuzz.Parser;
import java.util.HashMap;
import java.util.List;

/** What this package reads of others. */
public final class PlanParsers {
  private PlanParsers() {}

  public static List<Parser> all() {
    return List.of(
        Parser.of(
            "annotations",
            PlanParsers::annotations,
            "probe=https\npath=/up?a=b\nport=8443\ninterval=30s\nexpect=2xx,301",
            "probe=tcp\nport=http\ninterval=0s\nexpect=200-",
            "probe=http://evil/\npath=//evil\\@x\nport=-1"));
  }

  private static void annotations(String text) {
    var annotations = new HashMap<String, String>();
    for (var line : text.split("\n", 6)) {
      var equals = line.indexOf('=');
      annotations.put(
          "eksnet.io/" + line.substring(0, Math.max(0, equals)), line.substring(equals + 1));
    }
    ProbeAnnotations.of("service/shop/web", annotations);
  }
}
