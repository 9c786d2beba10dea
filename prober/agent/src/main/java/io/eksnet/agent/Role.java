package io.eksnet.agent;

/** The commands that run until they are stopped. */
public enum Role {
  /** Runs the probes of its config and of the plan that it fetches. */
  AGENT,
  /** Reads Kubernetes and AWS, plans the probes of agents, diagnoses; runs no probes. */
  CONTROLLER,
  /** Agent and controller in one process. */
  STANDALONE
}
