package io.eksnet.controller;

import io.eksnet.agent.ClusterController;
import io.eksnet.controller.metrics.ControllerMetrics;
import java.util.Optional;

/** Creates the controllers of processes. */
public final class Controllers {
  private Controllers() {}

  /** One that reads a real cluster. */
  public static ClusterController real(ClusterController.Context context) {
    var settings = context.settings().get();
    return of(
        context,
        (calls) -> RealClusterAccess.open(context.runtime(), settings, context.alone(), calls),
        ClusterPlans.of(settings, context.metrics().probes()::dropped));
  }

  static ClusterController of(ClusterController.Context context, Opening opening, Planner planner) {
    var metrics = ControllerMetrics.register(context.metrics().instruments());
    return new Controller(
        context.runtime().vertx(),
        context.clock(),
        context.settings(),
        opening.open(metrics.aws()::call),
        planner,
        context.metrics().controller(),
        metrics.inventory()::update,
        metrics.diagnosis(),
        new Costs(context.metrics().process(), metrics.aws()::calls),
        (agent, path) ->
            context
                .peers()
                .get(
                    agent.address(),
                    context.settings().get().controller().agentPort(),
                    path,
                    Optional.empty()));
  }

  /** Opens the sources of a cluster. */
  @FunctionalInterface
  interface Opening {
    ClusterAccess open(ClusterAccess.AwsCallListener calls);
  }
}
