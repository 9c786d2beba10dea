package io.eksnet.controller.page;

/** A state with a symbol for readers who do not see colors; the worst first. */
enum HealthState {
  FAILING("✗", "failing", "fail"),
  DEGRADED("!", "degraded", "warn"),
  UNKNOWN("?", "unknown", "unk"),
  HEALTHY("✓", "working", "ok"),
  NONE("–", "not probed", "none");

  private final String symbol;
  private final String word;
  private final String style;

  HealthState(String symbol, String word, String style) {
    this.symbol = symbol;
    this.word = word;
    this.style = style;
  }

  String symbol() {
    return symbol;
  }

  /** What a screen reader reads instead of the symbol. */
  String word() {
    return word;
  }

  /** The class of the style sheet, and the name of the icon. */
  String style() {
    return style;
  }
}
