package io.eksnet.controller.page;

import java.time.Duration;
import java.util.List;

/**
 * The line of least squares through samples.
 *
 * @param perSecond its slope
 * @param explains the share of their variance, 0 to 1
 */
record Line(double perSecond, double explains) {
  static Line through(List<FreeAddresses.Sample> samples) {
    var start = samples.get(0).at();
    var seconds =
        samples.stream().mapToDouble(s -> Duration.between(start, s.at()).toSeconds()).toArray();
    var free = samples.stream().mapToDouble(FreeAddresses.Sample::available).toArray();
    var meanX = mean(seconds);
    var meanY = mean(free);
    var xx = 0.0;
    var xy = 0.0;
    var yy = 0.0;
    for (var i = 0; i < free.length; i++) {
      xx += (seconds[i] - meanX) * (seconds[i] - meanX);
      xy += (seconds[i] - meanX) * (free[i] - meanY);
      yy += (free[i] - meanY) * (free[i] - meanY);
    }
    return xx == 0 || yy == 0 ? new Line(0, 0) : new Line(xy / xx, xy * xy / (xx * yy));
  }

  private static double mean(double[] values) {
    var sum = 0.0;
    for (var value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
