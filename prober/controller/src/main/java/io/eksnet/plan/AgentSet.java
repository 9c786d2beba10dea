package io.eksnet.plan;

import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LocalTrafficPolicy;
import io.eksnet.model.inventory.Resources;
import io.eksnet.plan.Rendezvous.Choice;
import io.eksnet.plan.Rendezvous.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The agents, and who of them does what.
 *
 * @param agents one for each node, by its name
 * @param peers by zone: those that others call
 * @param callers those that call what not all of them call
 */
record AgentSet(
    List<Agent> agents, Map<String, List<Member<Agent>>> peers, List<Member<Agent>> callers) {

  /**
   * An agent that is not ready is left alone while it starts or fails by itself; one on a node that
   * is not ready is still called, for that its node cannot be reached is what is to be seen.
   */
  static AgentSet of(Collection<Agent> all, Inventory inventory) {
    var agents = one(all);
    var lost =
        inventory.list(Resources.NODES).stream()
            .filter(node -> !node.ready())
            .map(KubeNode::name)
            .collect(Collectors.toSet());
    var ready = agents.stream().filter(Agent::ready).toList();
    return new AgentSet(
        agents,
        byZone(
            members(
                agents.stream()
                    .filter(agent -> !agent.address().isEmpty())
                    .filter(agent -> agent.ready() || lost.contains(agent.node()))
                    .toList())),
        members(ready.isEmpty() ? agents : ready));
  }

  /**
   * {@code most} agents for {@code self} to call: the best of each other zone, then the best of
   * all.
   */
  List<Agent> peersOf(Agent self, int most) {
    var key = Rendezvous.hash(self.node());
    var ranked = new ArrayList<Choice<Agent>>();
    var bests = new ArrayList<Choice<Agent>>();
    peers.forEach(
        (zone, members) -> {
          var choices =
              Rendezvous.choices(key, members, most + 1).stream()
                  .filter(choice -> !choice.member().name().equals(self.node()))
                  .toList();
          ranked.addAll(choices);
          if (!choices.isEmpty() && !zone.isEmpty() && !zone.equals(self.zone())) {
            bests.add(choices.get(0));
          }
        });
    bests.sort(Choice.BEST_FIRST);
    ranked.sort(Choice.BEST_FIRST);
    return Stream.concat(bests.stream(), ranked.stream())
        .distinct()
        .limit(most)
        .map(choice -> choice.member().value())
        .toList();
  }

  /** {@code most} agents of each zone for {@code key}; others than those on {@code avoided}. */
  List<Agent> ofEachZone(String key, int most, Set<String> avoided) {
    return byZone(callers).values().stream()
        .flatMap(zone -> Rendezvous.top(key, preferred(zone, avoided), most).stream())
        .toList();
  }

  /** Two agents for {@code key}, of other nodes than {@code node} while there are enough. */
  List<Agent> twoFor(String key, String node) {
    var best = Rendezvous.top(key, callers, 3);
    Predicate<Agent> own = agent -> agent.node().equals(node);
    return Stream.concat(best.stream().filter(own.negate()), best.stream().filter(own))
        .limit(2)
        .toList();
  }

  /** Without those whose connections to the cluster IP of the Service kube-proxy drops. */
  AgentSet thatReach(KubeService service) {
    if (!LocalTrafficPolicy.isLocalInside(service)) {
      return this;
    }
    var nodes = LocalTrafficPolicy.nodesWithReadyPod(service);
    return new AgentSet(
        agents.stream().filter(agent -> nodes.contains(agent.node())).toList(),
        peers,
        callers.stream().filter(caller -> nodes.contains(caller.name())).toList());
  }

  private static List<Member<Agent>> preferred(List<Member<Agent>> zone, Set<String> avoided) {
    var others = zone.stream().filter(member -> !avoided.contains(member.name())).toList();
    return others.isEmpty() ? zone : others;
  }

  /** While an agent is replaced there are two on its node. */
  private static List<Agent> one(Collection<Agent> all) {
    var byNode = new TreeMap<String, Agent>();
    all.stream()
        .filter(agent -> !agent.node().isEmpty())
        .forEach(agent -> byNode.merge(agent.node(), agent, AgentSet::better));
    return List.copyOf(byNode.values());
  }

  private static Agent better(Agent one, Agent other) {
    if (one.ready() != other.ready()) {
      return one.ready() ? one : other;
    }
    return one.address().compareTo(other.address()) >= 0 ? one : other;
  }

  private static List<Member<Agent>> members(List<Agent> agents) {
    return Rendezvous.members(agents, Agent::node);
  }

  private static Map<String, List<Member<Agent>>> byZone(List<Member<Agent>> members) {
    return members.stream()
        .collect(
            Collectors.groupingBy(
                member -> member.value().zone(), TreeMap::new, Collectors.toList()));
  }
}
