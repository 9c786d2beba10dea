package io.eksnet.controller.page;

import io.eksnet.model.SeriesKey;
import java.util.Comparator;

/** A column of the matrix: a kind of path that all nodes probe. */
record MatrixPath(int order, String name) implements Comparable<MatrixPath> {
  private static final SeriesKey.Cases<MatrixPath> BY_KEY =
      new SeriesKey.Cases<>(
          userProbe -> new MatrixPath(7, "Own probes"),
          dns -> new MatrixPath(0, "DNS " + dns.path().replace('_', ' ')),
          service -> new MatrixPath(1, "Services"),
          pod ->
              new MatrixPath(
                  2, pod.targetZone().isEmpty() ? "Pods" : "Pods in " + pod.targetZone()),
          target -> new MatrixPath(3, "Targets"),
          lb -> new MatrixPath(4, "Load balancers"),
          component -> new MatrixPath(6, component.suite()),
          sts -> new MatrixPath(5, "STS"),
          endpoint -> new MatrixPath(5, "AWS endpoints"));

  static MatrixPath of(SeriesKey key) {
    return key.fold(BY_KEY);
  }

  @Override
  public int compareTo(MatrixPath other) {
    return Comparator.comparingInt(MatrixPath::order)
        .thenComparing(MatrixPath::name)
        .compare(this, other);
  }
}
