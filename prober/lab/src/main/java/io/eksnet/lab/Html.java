package io.eksnet.lab;

/** Text in HTML. */
public final class Html {
  private Html() {}

  /** Text that is no markup, in an element or an attribute. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
