package io.eksnet.config;

import java.util.ArrayList;
import java.util.List;

/** The problems found so far: the first ones in full, the rest as a number. */
final class Problems {
  private static final int SHOWN = 100;

  private final List<Problem> found = new ArrayList<>();
  private int more;

  void add(Place place, String message) {
    add(place.problem(message));
  }

  void add(Problem problem) {
    if (found.size() < SHOWN) {
      found.add(problem);
    } else {
      more++;
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Problem> inOrder() {
    var sorted = new ArrayList<>(found);
    sorted.sort(Problem.IN_ORDER);
    if (more > 0) {
      var last = sorted.get(sorted.size() - 1);
      sorted.add(new Problem(last.line(), last.column(), "", "and " + more + " more problems"));
    }
    return List.copyOf(sorted);
  }
}
