package io.eksnet.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final int ROUNDS = 300;

  @Test
  void theFewOfHighestWeightAreThoseOfASort() {
    var random = new Random(1);
    for (var round = 0; round < ROUNDS; round++) {
      var names = names(random, random.nextInt(30));
      var members = Rendezvous.members(names, name -> name);
      var most = 1 + random.nextInt(5);
      var sorted =
          Rendezvous.choices(Rendezvous.hash("key"), members, names.size() + 1).stream()
              .sorted(Rendezvous.Choice.BEST_FIRST)
              .limit(most)
              .map(choice -> choice.member().value())
              .toList();
      assertThat(Rendezvous.top("key", members, most)).isEqualTo(sorted);
    }
  }

  @Test
  void orderOfMembersDoesNotMatter() {
    var names = new ArrayList<>(names(new Random(2), 50));
    var before = Rendezvous.top("key", Rendezvous.members(names, name -> name), 7);
    java.util.Collections.shuffle(names, new Random(3));
    assertThat(Rendezvous.top("key", Rendezvous.members(names, name -> name), 7)).isEqualTo(before);
  }

  @Test
  void keysSpreadEvenlyOverMembers() {
    var members = Rendezvous.members(names(50), name -> name);
    var counts = new HashMap<String, Integer>();
    for (var key = 0; key < 50_000; key++) {
      Rendezvous.top("key-" + key, members, 1).forEach(n -> counts.merge(n, 1, Integer::sum));
    }
    // 1,000 each; six standard deviations of a fair draw are 190
    assertThat(counts.values()).hasSize(50).allMatch(count -> count > 810 && count < 1_190);
  }

  @Test
  void aMemberThatGoesMovesOnlyItsOwnKeys() {
    var all = names(40);
    var rest = all.subList(0, 39);
    for (var key = 0; key < 2_000; key++) {
      var before = Rendezvous.top("key-" + key, Rendezvous.members(all, n -> n), 2);
      var after = Rendezvous.top("key-" + key, Rendezvous.members(rest, n -> n), 2);
      if (before.contains("n-39")) {
        assertThat(after).containsAll(before.stream().filter(n -> !n.equals("n-39")).toList());
      } else {
        assertThat(after).isEqualTo(before);
      }
    }
  }

  /** Among all sets of that size: those that cover most other zones, and the heaviest of them. */
  @Test
  void peersAreThoseOfASearchThroughAllSets() {
    var random = new Random(4);
    for (var round = 0; round < ROUNDS; round++) {
      var agents = Cluster.fleet(2 + random.nextInt(8), 1 + random.nextInt(4));
      var most = 1 + random.nextInt(4);
      var self = agents.get(random.nextInt(agents.size()));
      assertThat(names(AgentSet.of(agents, Inventory.EMPTY).peersOf(self, most)))
          .isEqualTo(names(bestSet(agents, self, most)));
    }
  }

  @Test
  void everyOtherZoneIsCalledAsFarAsThePeersGo() {
    for (var zones = 1; zones <= 5; zones++) {
      for (var most = 1; most <= 6; most++) {
        var agents = Cluster.fleet(31, zones);
        var fleet = AgentSet.of(agents, Inventory.EMPTY);
        for (var self : agents) {
          var peers = fleet.peersOf(self, most);
          assertThat(peers).hasSize(most).doesNotContain(self).doesNotHaveDuplicates();
          assertThat(peers.stream().map(Agent::zone).filter(z -> !z.equals(self.zone())).distinct())
              .hasSizeGreaterThanOrEqualTo(Math.min(most, zones - 1));
        }
      }
    }
  }

  @Test
  void aSingleAgentOfAnotherZoneIsCalledByAll() {
    var agents = new ArrayList<>(Cluster.fleet(50, 1));
    agents.add(Cluster.agent("far", "z", "10.9.9.9"));
    var fleet = AgentSet.of(agents, Inventory.EMPTY);
    assertThat(agents.subList(0, 50))
        .allMatch(self -> names(fleet.peersOf(self, 3)).contains("far"));
  }

  @Test
  void callsAreSpreadOverThePeers() {
    var agents = Cluster.fleet(600, 3);
    var fleet = AgentSet.of(agents, Inventory.EMPTY);
    var called = new HashMap<String, Integer>();
    agents.forEach(
        self -> fleet.peersOf(self, 3).forEach(p -> called.merge(p.node(), 1, Integer::sum)));
    assertThat(called.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(1_800);
    // 3 each in a fair draw, where one in 20 is called by none and one in 10,000 by more than 12
    assertThat(called).hasSizeGreaterThan(540);
    assertThat(called.values()).allMatch(count -> count <= 14);
  }

  @Test
  void anAgentThatComesOrGoesReplacesAtMostOnePeerOfEachOther() {
    var random = new Random(5);
    for (var round = 0; round < ROUNDS; round++) {
      var zones = 1 + random.nextInt(5);
      var many = 3 + random.nextInt(30);
      var most = 1 + random.nextInt(5);
      var with = Cluster.fleet(many, zones);
      var gone = with.get(random.nextInt(many));
      var without = with.stream().filter(agent -> !agent.equals(gone)).toList();
      var before = AgentSet.of(with, Inventory.EMPTY);
      var after = AgentSet.of(without, Inventory.EMPTY);
      for (var self : without) {
        var left = new HashSet<>(names(before.peersOf(self, most)));
        var now = names(after.peersOf(self, most));
        var wasCalled = left.remove(gone.node());
        var lost = new HashSet<>(left);
        lost.removeAll(now);
        var found = new HashSet<>(now);
        found.removeAll(left);
        assertThat(lost).isEmpty();
        assertThat(found.size()).isLessThanOrEqualTo(wasCalled ? 1 : 0);
      }
    }
  }

  @Test
  void aPeerThatVanishedLeavesAtOnce() {
    var agents = Cluster.fleet(9, 3);
    var rest = agents.subList(1, 9);
    var fleet = AgentSet.of(rest, Inventory.EMPTY);
    assertThat(rest.stream().flatMap(self -> fleet.peersOf(self, 3).stream()))
        .doesNotContain(agents.get(0));
  }

  @Test
  void anUnreadyAgentIsCalledOnlyWhereItsNodeIsLost() {
    var agents =
        List.of(
            Cluster.agent("n-0", "a", "10.0.0.1"),
            new Agent("n-1", "b", "10.0.0.2", false),
            new Agent("n-2", "c", "10.0.0.3", false),
            new Agent("n-3", "c", "", false));
    var nodes =
        Cluster.with(
            Inventory.EMPTY,
            Resources.NODES,
            List.of(Nodes.of("n-1", true), Nodes.of("n-2", false)));
    assertThat(names(AgentSet.of(agents, nodes).peersOf(agents.get(0), 3))).containsExactly("n-2");
    assertThat(AgentSet.of(agents, Inventory.EMPTY).peersOf(agents.get(0), 3)).isEmpty();
  }

  private static List<Agent> bestSet(List<Agent> agents, Agent self, int most) {
    var others = agents.stream().filter(agent -> !agent.equals(self)).toList();
    var weights =
        Rendezvous.choices(
                Rendezvous.hash(self.node()),
                Rendezvous.members(others, Agent::node),
                others.size())
            .stream()
            .collect(Collectors.toMap(c -> c.member().value(), Rendezvous.Choice::weight));
    var ranks = ranks(weights);
    return IntStream.range(0, 1 << others.size())
        .filter(bits -> Integer.bitCount(bits) == Math.min(most, others.size()))
        .mapToObj(bits -> subset(others, bits))
        .max(
            Comparator.<Set<Agent>>comparingLong(set -> zones(set, self))
                .thenComparingLong(
                    set ->
                        set.stream().mapToLong(agent -> 1L << ranks.getOrDefault(agent, 0)).sum()))
        .map(List::copyOf)
        .orElse(List.of());
  }

  private static Map<Agent, Integer> ranks(Map<Agent, Long> weights) {
    var sorted = weights.keySet().stream().sorted(Comparator.comparingLong(weights::get)).toList();
    return sorted.stream().collect(Collectors.toMap(agent -> agent, sorted::indexOf));
  }

  private static Set<Agent> subset(List<Agent> others, int bits) {
    return IntStream.range(0, others.size())
        .filter(i -> (bits >> i & 1) == 1)
        .mapToObj(others::get)
        .collect(Collectors.toSet());
  }

  private static long zones(Set<Agent> set, Agent self) {
    return set.stream().map(Agent::zone).filter(z -> !z.equals(self.zone())).distinct().count();
  }

  private static Set<String> names(List<Agent> agents) {
    return agents.stream().map(Agent::node).collect(Collectors.toSet());
  }

  private static List<String> names(int many) {
    return IntStream.range(0, many).mapToObj(i -> "n-" + i).toList();
  }

  private static List<String> names(Random random, int many) {
    return IntStream.range(0, many).mapToObj(i -> "n-" + random.nextLong()).toList();
  }
}
