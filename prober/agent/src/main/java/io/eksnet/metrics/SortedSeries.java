package io.eksnet.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one metric in the order of their labels, which the client library would otherwise
 * establish at every scrape. Of several cells with the same labels the youngest is shown.
 */
final class SortedSeries<C extends SortedSeries.Cell> {
  /** One series; its marks belong to the cells it is among. */
  abstract static class Cell {
    final Labels labels;
    private boolean gone;
    private boolean hidden;

    Cell(Labels labels) {
      this.labels = labels;
    }
  }

  private final ArrayList<C> cells = new ArrayList<>();
  private boolean inOrder = true;

  synchronized void add(C cell) {
    cells.add(cell);
    inOrder = false;
  }

  synchronized void remove(C cell) {
    mark(cell).gone = true;
    inOrder = false;
  }

  /** What {@code of} makes of each cell, without those of which it makes nothing. */
  synchronized <P> List<P> map(Function<C, @Nullable P> of) {
    if (!inOrder) {
      order();
    }
    var points = new ArrayList<P>(cells.size());
    for (var cell : cells) {
      var point = mark(cell).hidden ? null : of.apply(cell);
      if (point != null) {
        points.add(point);
      }
    }
    return points;
  }

  /** The sort is stable, so that the youngest of equals comes last. */
  private void order() {
    cells.removeIf(cell -> mark(cell).gone);
    cells.sort(Comparator.comparing(cell -> cell.labels));
    for (int i = 0; i < cells.size(); i++) {
      mark(cells.get(i)).hidden =
          i + 1 < cells.size() && cells.get(i).labels.equals(cells.get(i + 1).labels);
    }
    cells.trimToSize();
    inOrder = true;
  }

  private static Cell mark(Cell cell) {
    return cell;
  }
}
