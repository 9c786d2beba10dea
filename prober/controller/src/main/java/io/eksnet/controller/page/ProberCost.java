package io.eksnet.controller.page;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the prober itself costs; what is not known is empty.
 *
 * @param cpuSeconds of this process since its start
 * @param residentBytes of this process
 * @param probesPerSecond of all agents
 * @param awsCallsPerMinute of this process
 */
public record ProberCost(
    OptionalDouble cpuSeconds,
    OptionalLong residentBytes,
    OptionalDouble probesPerSecond,
    OptionalDouble awsCallsPerMinute) {
  /** Nothing is known. */
  public static final ProberCost UNKNOWN =
      new ProberCost(
          OptionalDouble.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty());
}
