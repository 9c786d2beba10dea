package io.eksnet.metrics;

import io.eksnet.model.Outcome;

/** The series of a subject whose successful runs have a histogram of durations. */
class TimedSeries extends SubjectSeries {
  private final SuiteHistogram.Durations durations;

  TimedSeries(OutcomeCounter counter, SuiteHistogram.Durations durations) {
    super(counter);
    this.durations = durations;
  }

  @Override
  final void succeeded(Outcome.Success run) {
    durations.observe(run.timings().totalNanos());
  }

  @Override
  void close() {
    super.close();
    durations.close();
  }
}
