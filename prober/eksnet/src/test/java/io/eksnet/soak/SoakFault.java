package io.eksnet.soak;

import io.eksnet.lab.cluster.ClusterState;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Something that goes wrong for a while. */
sealed interface SoakFault {
  /** What it strikes; a schedule strikes each with one fault at a time. */
  String victim();

  /** The causes that may be found because of it. */
  Set<String> causes();

  /** A service of the lab that a probe of the user's watches. */
  record OfService(String victim, String label) implements SoakFault {
    @Override
    public Set<String> causes() {
      return Set.of();
    }
  }

  /** A fault of the lab's cluster. */
  record OfCluster(String victim, String name, UnaryOperator<ClusterState> what, Set<String> causes)
      implements SoakFault {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What a machine or a person does to the processes of eksnet. */
  enum OfProcess implements SoakFault {
    AGENT_FROZEN("agent", "prober_trouble"),
    AGENT_KILLED("agent", "prober_trouble"),
    LEADER_FROZEN("controllers", ""),
    LEADER_KILLED("controllers", ""),
    AGENT_CLOCK_AHEAD("agent's clock", ""),
    AGENT_CLOCK_BACK("agent's clock", ""),
    CLOCKS_AHEAD("controllers' clocks", ""),
    CLOCKS_BACK("controllers' clocks", ""),
    HANGUPS("config", "");

    private final String victim;
    private final String cause;

    OfProcess(String victim, String cause) {
      this.victim = victim;
      this.cause = cause;
    }

    @Override
    public String victim() {
      return victim;
    }

    @Override
    public Set<String> causes() {
      return cause.isEmpty() ? Set.of() : Set.of(cause);
    }

    /** Whether it sets clocks. */
    boolean jumps() {
      return victim.endsWith("clock") || victim.endsWith("clocks");
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
