package io.eksnet.controller.page;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Resource usage of the prober; empty values are unknown.
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
  public static final ProberCost UNKNOWN =
      new ProberCost(
          OptionalDouble.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty());
}
