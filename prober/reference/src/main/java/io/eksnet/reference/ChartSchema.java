package io.eksnet.reference;

/**
 * The schema of the chart's values: what is written by hand, with that of the config file put in,
 * so that helm refuses what the program would refuse. Helm knows no look-ahead in patterns.
 */
final class ChartSchema {
  private static final String DEFINITIONS = ",\n  \"$defs\": {\n";
  private static final String END = "\n  }\n}\n";

  private ChartSchema() {}

  /**
   * Both in one.
   *
   * @param values what is written by hand; refers to {@code #/$defs/config}
   * @param config the schema of the config file
   */
  static String json(String values, String config) {
    var byHand = values.indexOf(DEFINITIONS);
    var definitions = config.indexOf(DEFINITIONS);
    if (byHand < 0 || definitions < 0 || !config.endsWith(END)) {
      throw new IllegalArgumentException("the schema must end with its $defs");
    }
    var start = config.indexOf("\n  \"title\"");
    var root = "{" + config.substring(start, definitions) + "\n}";
    var probes =
        config.substring(definitions + DEFINITIONS.length(), config.length() - END.length());
    return values.substring(0, byHand)
        + DEFINITIONS
        + ("    \"config\": " + root.replace("\n", "\n    ") + ",\n" + probes + ",\n")
            .replace("^(?=.)", "^")
            .replace("^(?!__)", "^")
        + values.substring(byHand + DEFINITIONS.length());
  }
}
