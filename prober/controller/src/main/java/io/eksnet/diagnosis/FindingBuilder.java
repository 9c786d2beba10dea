package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Confidence;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A finding in the making. */
final class FindingBuilder {
  private final RootCause cause;
  private final String scope;
  private final List<String> evidence = new ArrayList<>();
  private final List<String> excluded = new ArrayList<>();
  private final List<String> fix = new ArrayList<>();
  private final Set<RootCause> explains = EnumSet.noneOf(RootCause.class);
  private Confidence confidence;
  private Duration patience = Duration.ZERO;

  private FindingBuilder(RootCause cause, String scope, int percent) {
    this.cause = cause;
    this.scope = scope;
    this.confidence = new Confidence(percent);
  }

  /** A finding that is this sure when all sources that support it are fresh. */
  static FindingBuilder of(RootCause cause, String scope, int percent) {
    return new FindingBuilder(cause, scope, percent);
  }

  /** Something that was seen. */
  FindingBuilder seen(String what) {
    evidence.add(what);
    return this;
  }

  /** Something that it is not, and why that can be said. */
  FindingBuilder excludes(String what) {
    excluded.add(what);
    return this;
  }

  /** The steps of the repair, in their order. */
  FindingBuilder fix(String... steps) {
    fix.addAll(List.of(steps));
    return this;
  }

  /** What follows from it. */
  FindingBuilder explains(RootCause... symptoms) {
    explains.addAll(List.of(symptoms));
    return this;
  }

  /** Sources that support it; each that is stale or missing makes it less sure. */
  FindingBuilder supportedBy(Evidence all, Resource<?>... parts) {
    var missing = Stream.of(parts).filter(part -> !all.inventory().known(part).fresh()).count();
    confidence = confidence.without((int) missing);
    return this;
  }

  /** A source that supports it beside the inventory. */
  FindingBuilder supportedIf(boolean there) {
    confidence = confidence.without(there ? 0 : 1);
    return this;
  }

  /** How long it must be found before it is told. */
  FindingBuilder toldAfter(Duration time) {
    patience = time;
    return this;
  }

  Stream<Finding> stream() {
    return Stream.of(
        new Finding(cause, scope, confidence, evidence, excluded, fix, explains, patience));
  }
}
