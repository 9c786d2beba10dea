package io.eksnet.controller.page;

import java.util.List;

/** The first elements of a list, and how many were left out. */
record Truncated<T>(List<T> shown, int omitted) {
  Truncated {
    shown = List.copyOf(shown);
  }

  static <T> Truncated<T> of(List<T> all, int max) {
    var shown = all.subList(0, Math.min(max, all.size()));
    return new Truncated<>(shown, all.size() - shown.size());
  }

  int total() {
    return shown.size() + omitted;
  }
}
