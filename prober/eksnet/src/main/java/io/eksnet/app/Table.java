package io.eksnet.app;

import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns for a terminal, in colour where it has one. */
final class Table {
  enum Style {
    PLAIN(""),
    GOOD("\u001b[32m"),
    BAD("\u001b[1;31m"),
    UNKNOWN("\u001b[33m");

    private final String start;

    Style(String start) {
      this.start = start;
    }
  }

  private static final String END = "\u001b[0m";
  private static final int WIDEST = 60;

  private record Row(Style style, List<String> cells) {}

  private final boolean colour;
  private final List<Row> rows = new ArrayList<>();
  private final int[] widths;

  Table(boolean colour, String... header) {
    this.colour = colour;
    this.widths = new int[header.length];
    row(Style.PLAIN, header);
  }

  void row(Style style, String... cells) {
    var clean = List.of(cells).stream().map(Table::printable).toList();
    for (var i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], Math.min(WIDEST, clean.get(i).length()));
    }
    rows.add(new Row(style, clean));
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (var i = 0; i < widths.length; i++) {
        line.append(row.cells().get(i));
        line.append(" ".repeat(Math.max(0, widths[i] - row.cells().get(i).length()) + 2));
      }
      var painted = colour && row.style() != Style.PLAIN;
      text.append(painted ? row.style().start : "");
      text.append(line.toString().stripTrailing());
      text.append(painted ? END : "").append('\n');
    }
    return text.toString();
  }

  /** Control characters of a hostile name or answer must not reach the terminal. */
  private static String printable(String cell) {
    return cell.replaceAll("\\p{Cntrl}", "?");
  }
}
