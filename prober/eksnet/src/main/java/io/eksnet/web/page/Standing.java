package io.eksnet.web.page;

/** How something stands, with a sign for those who see no colours; the worst first. */
enum Standing {
  FAILING("✗", "failing", "bad"),
  DOUBTFUL("!", "doubtful", "warn"),
  UNKNOWN("?", "unknown", "dim"),
  CLEAR("✓", "clear", "good"),
  NONE("–", "none", "dim");

  private final String sign;
  private final String word;
  private final String style;

  Standing(String sign, String word, String style) {
    this.sign = sign;
    this.word = word;
    this.style = style;
  }

  String sign() {
    return sign;
  }

  String word() {
    return word;
  }

  /** Its class in the style sheet. */
  String style() {
    return style;
  }
}
