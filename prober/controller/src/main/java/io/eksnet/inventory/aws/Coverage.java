package io.eksnet.inventory.aws;

import static java.util.Comparator.comparing;

import io.eksnet.model.Cidr;
import java.util.Collection;

/** How much of a range other ranges cover together. */
enum Coverage {
  ALL,
  PART,
  NONE;

  static Coverage of(Cidr range, Collection<Cidr> others) {
    var overlapping =
        others.stream().filter(range::overlaps).sorted(comparing(Cidr::first)).toList();
    if (overlapping.isEmpty()) {
      return NONE;
    }
    var next = range.first();
    for (var other : overlapping) {
      if (other.first().compareTo(next) > 0) {
        return PART;
      }
      next = next.max(other.first().add(other.size()));
    }
    return next.compareTo(range.first().add(range.size())) >= 0 ? ALL : PART;
  }
}
