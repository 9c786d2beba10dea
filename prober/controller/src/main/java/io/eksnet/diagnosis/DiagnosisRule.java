package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import java.util.stream.Stream;

/** One family of causes. Data that is stale or missing never supports a finding. */
interface DiagnosisRule {
  Stream<Finding> apply(EvidenceIndex evidence);
}
