package io.eksnet.diagnosis;

import java.util.Collection;

/** Text that findings share. */
final class FindingText {
  static final String CLUSTER = "cluster";
  private static final int MAX_NAMES = 3;

  private FindingText() {}

  /** Such as {@code n1, n2, n3 and 9 more}. */
  static String list(Collection<String> names) {
    var first = String.join(", ", names.stream().limit(MAX_NAMES).toList());
    return names.size() > MAX_NAMES
        ? first + " and " + (names.size() - MAX_NAMES) + " more"
        : first;
  }

  /** Such as {@code 3 of 6 nodes}. */
  static String share(Collection<String> some, Collection<String> all) {
    return some.size() + " of " + all.size() + " nodes";
  }

  /** Such as {@code 3 of 6 nodes (n1, n2, n3)}. */
  static String namedShare(Collection<String> some, Collection<String> all) {
    return share(some, all) + " (" + list(some) + ")";
  }

  /**
   * The scope of what only some nodes report: the node, the zone if these are nodes of one zone
   * only, else the cluster. One node is never the whole cluster, unless it is the only one probed.
   */
  static String scope(ProbeResults<?> some, ProbeResults<?> all) {
    var nodes = some.nodes();
    if (all.nodes().size() < 2 || some.isEmpty()) {
      return CLUSTER;
    }
    if (nodes.size() == 1) {
      return "node/" + nodes.iterator().next();
    }
    var zones = some.zones();
    var zone = zones.size() == 1 ? zones.iterator().next() : "";
    return zone.isEmpty() || all.zones().size() < 2 ? CLUSTER : "zone/" + zone;
  }
}
