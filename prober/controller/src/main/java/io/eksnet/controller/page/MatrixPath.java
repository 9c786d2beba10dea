package io.eksnet.controller.page;

import io.eksnet.model.SeriesKey;
import java.util.Comparator;

/** A column of the matrix: a kind of path that all nodes probe. */
record MatrixPath(int order, String name) implements Comparable<MatrixPath> {
  static MatrixPath of(SeriesKey series) {
    if (series instanceof SeriesKey.DnsPath dns) {
      return new MatrixPath(0, "DNS " + dns.path().replace('_', ' '));
    }
    if (series instanceof SeriesKey.ServicePath) {
      return new MatrixPath(1, "Services");
    }
    if (series instanceof SeriesKey.PodPath pod) {
      return new MatrixPath(2, pod.targetZone().isEmpty() ? "Pods" : "Pods in " + pod.targetZone());
    }
    if (series instanceof SeriesKey.TargetPath) {
      return new MatrixPath(3, "Targets");
    }
    if (series instanceof SeriesKey.LbPath) {
      return new MatrixPath(4, "Load balancers");
    }
    if (series instanceof SeriesKey.HostPart host) {
      return new MatrixPath(6, host.suite());
    }
    return series instanceof SeriesKey.StsPath
        ? new MatrixPath(5, "STS")
        : new MatrixPath(7, "Own probes");
  }

  @Override
  public int compareTo(MatrixPath other) {
    return Comparator.comparingInt(MatrixPath::order)
        .thenComparing(MatrixPath::name)
        .compare(this, other);
  }
}
