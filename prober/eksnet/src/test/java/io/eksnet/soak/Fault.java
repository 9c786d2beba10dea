package io.eksnet.soak;

import io.eksnet.lab.cluster.ClusterState;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Something that goes wrong for a while. */
sealed interface Fault {
  /** What it strikes; a story strikes each with one fault at a time. */
  String victim();

  /** The causes that may be found because of it. */
  Set<String> causes();

  /** A service of the lab that a probe of the user's watches. */
  record OfService(String victim, String label) implements Fault {
    @Override
    public Set<String> causes() {
      return Set.of();
    }
  }

  /** A fault of the lab's cluster. */
  record OfCluster(String victim, String name, UnaryOperator<ClusterState> what, Set<String> causes)
      implements Fault {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What a machine or a person does to the processes of eksnet. */
  enum OfProcess implements Fault {
    AGENT_FROZEN("agent", Set.of("prober_trouble")),
    AGENT_KILLED("agent", Set.of("prober_trouble")),
    LEADER_FROZEN("controllers", Set.of()),
    LEADER_KILLED("controllers", Set.of()),
    AGENT_CLOCK_AHEAD("agent's clock", Set.of()),
    AGENT_CLOCK_BACK("agent's clock", Set.of()),
    CLOCKS_AHEAD("controllers' clocks", Set.of()),
    CLOCKS_BACK("controllers' clocks", Set.of()),
    HANGUPS("config", Set.of());

    private final String victim;
    private final Set<String> causes;

    OfProcess(String victim, Set<String> causes) {
      this.victim = victim;
      this.causes = causes;
    }

    @Override
    public String victim() {
      return victim;
    }

    @Override
    public Set<String> causes() {
      return causes;
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
