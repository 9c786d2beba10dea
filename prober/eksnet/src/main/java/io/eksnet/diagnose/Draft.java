package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Confidence;
import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A finding in the making. */
final class Draft {
  private final RootCause cause;
  private final String scope;
  private final List<String> evidence = new ArrayList<>();
  private final List<String> excluded = new ArrayList<>();
  private final List<String> fix = new ArrayList<>();
  private final Set<RootCause> explains = EnumSet.noneOf(RootCause.class);
  private Confidence confidence;
  private Duration patience = Duration.ZERO;

  private Draft(RootCause cause, String scope, int percent) {
    this.cause = cause;
    this.scope = scope;
    this.confidence = new Confidence(percent);
  }

  /** A finding that is this sure when all sources that support it are fresh. */
  static Draft of(RootCause cause, String scope, int percent) {
    return new Draft(cause, scope, percent);
  }

  /** Something that was seen. */
  Draft seen(String what) {
    evidence.add(what);
    return this;
  }

  /** Something that it is not, and why that can be said. */
  Draft excludes(String what) {
    excluded.add(what);
    return this;
  }

  /** The steps of the repair, in their order. */
  Draft fix(String... steps) {
    fix.addAll(List.of(steps));
    return this;
  }

  /** What follows from it. */
  Draft explains(RootCause... symptoms) {
    explains.addAll(List.of(symptoms));
    return this;
  }

  /** Sources that support it; each that is stale or missing makes it less sure. */
  Draft supportedBy(Evidence all, Part<?>... parts) {
    var missing = Stream.of(parts).filter(part -> !all.inventory().known(part).fresh()).count();
    confidence = confidence.without((int) missing);
    return this;
  }

  /** A source that supports it beside the inventory. */
  Draft supportedIf(boolean there) {
    confidence = confidence.without(there ? 0 : 1);
    return this;
  }

  /** How long it must be found before it is told. */
  Draft toldAfter(Duration time) {
    patience = time;
    return this;
  }

  Stream<Finding> stream() {
    return Stream.of(
        new Finding(cause, scope, confidence, evidence, excluded, fix, explains, patience));
  }
}
