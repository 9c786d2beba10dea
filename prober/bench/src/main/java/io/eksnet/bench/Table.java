package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The readings beside the goals, for a person to read. */
final class Table {
  private static final List<String> HEAD =
      List.of("what", "goal", "eksnet", "blackbox", "floor", "eksnet/blackbox", "verdict");

  private Table() {}

  static String of(List<Goal> goals, Measurements readings) {
    var rows = new ArrayList<List<String>>();
    rows.add(HEAD);
    goals.stream()
        .map(goal -> row(goal, readings))
        .filter(row -> row.subList(2, 5).stream().anyMatch(cell -> !cell.isEmpty()))
        .forEach(rows::add);
    return align(rows);
  }

  private static List<String> row(Goal goal, Measurements readings) {
    var eksnet = readings.median(goal.name(), Who.EKSNET);
    var blackbox = readings.median(goal.name(), Who.BLACKBOX);
    var ratio = blackbox == 0 ? Double.NaN : eksnet / blackbox;
    return List.of(
        goal.what(),
        goal.aim(),
        number(eksnet),
        number(blackbox),
        number(readings.median(goal.name(), Who.FLOOR)),
        number(ratio),
        goal.verdict(readings));
  }

  static String align(List<List<String>> rows) {
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (var column = 0; column < row.size(); column++) {
        var cell = row.get(column);
        var at = column;
        var width = rows.stream().mapToInt(other -> other.get(at).length()).max().orElse(0);
        var pad = " ".repeat(width - cell.length());
        var words = column == 0 || column == row.size() - 1;
        line.append(words ? cell + pad : pad + cell).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** Three digits that count; nothing of NaN. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    if (Double.isInfinite(value)) {
      return "beyond";
    }
    var size = Math.abs(value);
    var digits = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    var text = String.format(Locale.ROOT, "%,." + digits + "f", value);
    return digits == 0 ? text : text.replaceAll("\\.?0+$", "");
  }
}
