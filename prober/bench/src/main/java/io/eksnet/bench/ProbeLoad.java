package io.eksnet.bench;

import java.nio.file.Path;

/**
 * The load of an agent: a number of targets of one kind, each probed once per interval.
 *
 * @param flight runs in flight at most
 */
record ProbeLoad(TargetKind kind, int targets, int delay, long intervalMillis, int flight) {
  private static final long MAX_TIMEOUT_MILLIS = 5_000;

  /** The default number of runs in flight. */
  static final int USUAL_FLIGHT = 1_000;

  /** As many targets as are probed each second once a second. */
  static ProbeLoad eachSecond(TargetKind kind) {
    return new ProbeLoad(kind, kind.rate, kind.delay, 1_000, USUAL_FLIGHT);
  }

  /** The interval that makes {@code rate} runs a second of the same targets. */
  ProbeLoad at(double rate) {
    return new ProbeLoad(kind, targets, delay, Math.round(1_000 * targets / rate), flight);
  }

  double rate() {
    return 1_000.0 * targets / intervalMillis;
  }

  /** The config file for this load. */
  String yaml(Ports ports, Path ca) {
    var text = new StringBuilder();
    text.append("limits: {runs_in_flight: ").append(flight);
    text.append(", targets: ").append(Math.max(1, targets)).append("}\n");
    text.append("suites: {dns: {enabled: false}}\nprobes:\n");
    for (var first = 0; first < targets; first += TestBed.ADDRESSES) {
      var count = Math.min(TestBed.ADDRESSES, targets - first);
      text.append("  - name: ").append(kind.label()).append(first / TestBed.ADDRESSES).append('\n');
      text.append("    kind: ")
          .append(kind == TargetKind.HTTPS ? "http" : kind.label())
          .append('\n');
      text.append("    interval: ").append(intervalMillis).append("ms\n");
      text.append("    timeout: ").append(timeoutMillis()).append("ms\n");
      if (kind == TargetKind.HTTPS) {
        text.append("    tls: {server_name: ").append(Ports.NAME);
        text.append(", ca_file: ").append(ca).append("}\n");
      }
      if (kind == TargetKind.DNS) {
        text.append("    query: ").append(Ports.question(delay)).append('\n');
      }
      text.append("    targets:\n");
      ports
          .targets(kind, count, delay)
          .forEach(target -> text.append("      - \"").append(target).append("\"\n"));
    }
    return text.toString();
  }

  private long timeoutMillis() {
    return Math.min(MAX_TIMEOUT_MILLIS, intervalMillis * 8 / 10);
  }
}
