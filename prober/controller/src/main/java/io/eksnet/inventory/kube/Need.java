package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Unavailable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What must be watched for a part to be known. */
interface Need {
  /** What is missing; empty: nothing. */
  Optional<Unavailable> lack(Instant now);

  /** All of these. */
  static Need all(Watch<?, ?>... watches) {
    var needed = List.of(watches);
    return now -> needed.stream().flatMap(w -> w.lack(now).stream()).findFirst();
  }

  /** Those of these that the cluster has, and at least one. */
  static Need present(Watch<?, ?>... watches) {
    var needed = List.of(watches);
    return now -> {
      var lacks = needed.stream().flatMap(w -> w.lack(now).stream()).toList();
      var trouble = lacks.stream().filter(l -> l.why() != Unavailable.Why.ABSENT).findFirst();
      return trouble.isPresent() || lacks.size() < needed.size()
          ? trouble
          : lacks.stream().findFirst();
    };
  }

  /** Both of two needs. */
  default Need and(Need other) {
    return now -> lack(now).or(() -> other.lack(now));
  }
}
