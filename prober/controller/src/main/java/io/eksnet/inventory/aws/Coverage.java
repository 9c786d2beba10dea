package io.eksnet.inventory.aws;

import static java.util.Comparator.comparing;

import java.util.Collection;

/** How much of a range others cover together. */
enum Coverage {
  ALL,
  PART,
  NONE;

  static Coverage of(Cidr wanted, Collection<Cidr> by) {
    var near = by.stream().filter(wanted::overlaps).sorted(comparing(Cidr::first)).toList();
    if (near.isEmpty()) {
      return NONE;
    }
    var next = wanted.first();
    for (var range : near) {
      if (range.first().compareTo(next) > 0) {
        return PART;
      }
      next = next.max(range.first().add(range.size()));
    }
    return next.compareTo(wanted.first().add(wanted.size())) >= 0 ? ALL : PART;
  }
}
