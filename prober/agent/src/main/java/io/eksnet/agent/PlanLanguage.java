package io.eksnet.agent;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.AssignedTasks;
import io.eksnet.config.Settings;
import io.eksnet.config.Suites;
import io.eksnet.model.Task;
import io.eksnet.web.PlanJson;
import io.eksnet.web.WebConfig;
import java.util.List;

/** How an agent reads a plan and turns it into tasks. */
public interface PlanLanguage {
  /**
   * Parses a plan.
   *
   * @throws IllegalArgumentException if {@code json} is no plan, or has targets that no plan may
   *     have
   */
  AgentPlan read(String json);

  /** What an agent does on {@code plan} when it did {@code last} before. */
  AgentPlan following(AgentPlan plan, AgentPlan last);

  /** What an agent probes on this plan. */
  List<Task> tasks(AgentPlan plan, Suites suites);

  /** The plans of a process with these settings. */
  static PlanLanguage of(Settings settings, WebConfig web) {
    return of(
        new AllowedTargets(settings.controller().loopback()), web.tlsServerConfig().isPresent());
  }

  /**
   * Plans that lead to {@code allowed} targets.
   *
   * @param agentsServeTls whether agents serve TLS, as this process does
   */
  static PlanLanguage of(AllowedTargets allowed, boolean agentsServeTls) {
    return new PlanLanguage() {
      @Override
      public AgentPlan read(String json) {
        return PlanJson.read(json, allowed);
      }

      @Override
      public AgentPlan following(AgentPlan plan, AgentPlan last) {
        return plan.following(last);
      }

      @Override
      public List<Task> tasks(AgentPlan plan, Suites suites) {
        return AssignedTasks.of(plan, suites, agentsServeTls);
      }
    };
  }
}
