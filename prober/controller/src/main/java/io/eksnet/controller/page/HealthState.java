package io.eksnet.controller.page;

/** How something stands, with a sign for those who see no colours; the worst first. */
enum HealthState implements io.eksnet.web.Html.Sign {
  FAILING("✗", "failing", "bad"),
  DOUBTFUL("!", "doubtful", "warn"),
  UNKNOWN("?", "unknown", "dim"),
  CLEAR("✓", "clear", "good"),
  NONE("–", "none", "dim");

  private final String sign;
  private final String word;
  private final String style;

  HealthState(String sign, String word, String style) {
    this.sign = sign;
    this.word = word;
    this.style = style;
  }

  @Override
  public String sign() {
    return sign;
  }

  @Override
  public String word() {
    return word;
  }

  /** Its class in the style sheet. */
  @Override
  public String style() {
    return style;
  }
}
