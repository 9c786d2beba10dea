package io.eksnet.config;

import java.time.Duration;

/** A built-in suite. */
public interface Suite {
  SuiteSchedule schedule();

  /** Whether the suite runs. */
  default boolean enabled() {
    return schedule().enabled();
  }

  /** The time from one run to the next. */
  default Duration interval() {
    return schedule().interval();
  }

  /** The time a run may take; shorter than the interval. */
  default Duration timeout() {
    return schedule().timeout();
  }
}
