package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;
import java.util.ArrayList;
import java.util.List;

/**
 * A window over one program: what it used, and how many probes the target answered meanwhile. The
 * target is the witness: nobody may claim more successes than it gave answers.
 */
final class MeasurementWindow {
  private static final long SELF = ProcessHandle.current().pid();
  private static final double TOLERANCE = 0.05;

  private final TestBed stand;
  private final Meter meter;

  private MeasurementWindow(TestBed stand, Meter meter) {
    this.stand = stand;
    this.meter = meter;
  }

  /**
   * Starts a window.
   *
   * @param helpers processes that drive the measured one
   */
  static MeasurementWindow start(TestBed stand, long pid, Long... helpers) {
    var all = new ArrayList<>(List.of(helpers));
    all.add(SELF);
    all.add(stand.target().pid());
    stand.answered();
    return new MeasurementWindow(stand, new Meter(pid, all));
  }

  /** What was used, and answered a second. */
  record Result(Meter.Usage usage, double answers) {
    /** Notes a claim that the target does not bear out. */
    void check(String what, Who who, double claimed, Measurements readings) {
      if (claimed > answers * (1 + TOLERANCE)) {
        readings.note(
            "%s: %s claims %,.0f/s, the target answered %,.0f/s: do not trust this figure"
                .formatted(what, who, claimed, answers));
      }
    }
  }

  Result stop() {
    var usage = meter.stop();
    return new Result(usage, stand.answered().answers());
  }
}
