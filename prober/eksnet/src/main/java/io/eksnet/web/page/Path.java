package io.eksnet.web.page;

import io.eksnet.core.Subject;
import java.util.Comparator;

/** A column of the matrix: a way that probes of all nodes take. */
record Path(int order, String name) implements Comparable<Path> {
  static Path of(Subject subject) {
    if (subject instanceof Subject.DnsPath dns) {
      return new Path(0, "DNS " + dns.path().replace('_', ' '));
    }
    if (subject instanceof Subject.ServicePath) {
      return new Path(1, "Services");
    }
    if (subject instanceof Subject.PodPath pod) {
      return new Path(2, pod.targetZone().isEmpty() ? "Pods" : "Pods in " + pod.targetZone());
    }
    if (subject instanceof Subject.TargetPath) {
      return new Path(3, "Targets");
    }
    if (subject instanceof Subject.LbPath) {
      return new Path(4, "Load balancers");
    }
    if (subject instanceof Subject.HostPart host) {
      return new Path(6, host.suite());
    }
    return subject instanceof Subject.StsPath ? new Path(5, "STS") : new Path(7, "Own probes");
  }

  @Override
  public int compareTo(Path other) {
    return Comparator.comparingInt(Path::order).thenComparing(Path::name).compare(this, other);
  }
}
