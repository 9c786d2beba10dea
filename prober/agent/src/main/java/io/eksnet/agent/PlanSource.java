package io.eksnet.agent;

import io.eksnet.agent.plan.AgentPlan;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where an agent gets its plan: from a controller, or from the controller of its own process. */
@FunctionalInterface
public interface PlanSource {
  /**
   * Gets the current plan of this node; fails with {@link UnavailableException} if another attempt
   * may succeed soon.
   *
   * @param current the plan that this source returned last and that is in use; returned again if
   *     the plan has not changed
   */
  Future<AgentPlan> fetch(Optional<AgentPlan> current);

  /** There is no plan now: the request failed, or a standby replica responded. */
  final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnavailableException(@Nullable String reason) {
      super(reason, null, false, false);
    }
  }
}
