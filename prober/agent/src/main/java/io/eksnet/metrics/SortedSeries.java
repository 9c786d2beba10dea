package io.eksnet.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The cells of one metric in the order of their labels, which the client library would otherwise
 * establish at every scrape. Of several cells with the same labels the newest is exposed. {@link
 * #add} and {@link #remove} are called on the probe loop and never wait for a scrape.
 */
final class SortedSeries<C extends SortedSeries.Cell> {
  /** One series; its marks belong to the cells it is among. */
  abstract static class Cell {
    final Labels labels;
    private volatile boolean removed;
    private boolean hidden;

    Cell(Labels labels) {
      this.labels = labels;
    }
  }

  private final ArrayList<C> cells = new ArrayList<>();
  private final Queue<C> added = new ConcurrentLinkedQueue<>();
  private volatile boolean changed;

  void add(C cell) {
    added.add(cell);
    changed = true;
  }

  void remove(C cell) {
    mark(cell).removed = true;
    changed = true;
  }

  /** The cells to expose, in order. */
  synchronized List<C> visible() {
    if (changed) {
      changed = false; // first: what changes from here on is applied by the next call
      order();
    }
    return cells.stream().filter(cell -> !mark(cell).hidden).toList();
  }

  /** The sort is stable, so that the newest of equals comes last. */
  private void order() {
    for (var cell = added.poll(); cell != null; cell = added.poll()) {
      cells.add(cell);
    }
    cells.removeIf(cell -> mark(cell).removed);
    cells.sort(Comparator.comparing(cell -> cell.labels));
    for (int i = 0; i < cells.size(); i++) {
      mark(cells.get(i)).hidden =
          i + 1 < cells.size() && cells.get(i).labels.equals(cells.get(i + 1).labels);
    }
    cells.trimToSize();
  }

  private static Cell mark(Cell cell) {
    return cell;
  }
}
