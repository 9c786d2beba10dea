package io.eksnet.agent;

/** What a process is in its cluster. */
public enum Role {
  /** Probes from one node, on its own config and on the plan it fetches. */
  AGENT,
  /** Reads Kubernetes and AWS, and plans what agents probe; probes nothing itself. */
  CONTROLLER,
  /** Both in one process, where there is no other. */
  STANDALONE
}
