package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import java.util.stream.Stream;

/** Causes that are found at single target groups. */
interface TargetGroupRule extends DiagnosisRule {
  Stream<Finding.Builder> apply(TargetGroupView group);

  @Override
  default Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.targetGroups().stream().flatMap(this::apply).map(Finding.Builder::build);
  }
}
