package io.eksnet.cli;

/** Colors of lines on a terminal. */
enum AnsiColor {
  PLAIN(""),
  GREEN("\u001b[32m"),
  RED("\u001b[1;31m"),
  YELLOW("\u001b[33m");

  private static final String RESET = "\u001b[0m";

  private final String start;

  AnsiColor(String start) {
    this.start = start;
  }

  /** The text in this color, without control characters: names and details come from servers. */
  String paint(boolean colored, String text) {
    var clean = text.replaceAll("\\p{Cntrl}", "?");
    return colored && this != PLAIN ? start + clean + RESET : clean;
  }
}
