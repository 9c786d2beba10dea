package io.eksnet.cli;

/** How a line looks on a terminal that has colours. */
enum AnsiColor {
  PLAIN(""),
  GOOD("\u001b[32m"),
  BAD("\u001b[1;31m"),
  UNKNOWN("\u001b[33m");

  private static final String END = "\u001b[0m";

  private final String start;

  AnsiColor(String start) {
    this.start = start;
  }

  /** The text in this colour; control characters of a hostile name or answer do not reach it. */
  String paint(boolean colour, String text) {
    var clean = text.replaceAll("\\p{Cntrl}", "?");
    return colour && this != PLAIN ? start + clean + END : clean;
  }
}
