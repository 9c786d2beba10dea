package io.eksnet.controller.page;

import io.eksnet.model.SeriesKey;
import java.util.Comparator;

/** A column of the matrix: a way that probes of all nodes take. */
record Path(int order, String name) implements Comparable<Path> {
  static Path of(SeriesKey subject) {
    if (subject instanceof SeriesKey.DnsPath dns) {
      return new Path(0, "DNS " + dns.path().replace('_', ' '));
    }
    if (subject instanceof SeriesKey.ServicePath) {
      return new Path(1, "Services");
    }
    if (subject instanceof SeriesKey.PodPath pod) {
      return new Path(2, pod.targetZone().isEmpty() ? "Pods" : "Pods in " + pod.targetZone());
    }
    if (subject instanceof SeriesKey.TargetPath) {
      return new Path(3, "Targets");
    }
    if (subject instanceof SeriesKey.LbPath) {
      return new Path(4, "Load balancers");
    }
    if (subject instanceof SeriesKey.HostPart host) {
      return new Path(6, host.suite());
    }
    return subject instanceof SeriesKey.StsPath ? new Path(5, "STS") : new Path(7, "Own probes");
  }

  @Override
  public int compareTo(Path other) {
    return Comparator.comparingInt(Path::order).thenComparing(Path::name).compare(this, other);
  }
}
