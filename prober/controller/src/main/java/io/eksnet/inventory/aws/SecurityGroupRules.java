package io.eksnet.inventory.aws;

import static java.util.stream.Collectors.joining;

import io.eksnet.model.Cidr;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Security group rules and the prefix lists that they reference. What could not be read is absent,
 * and makes a path unknown, never blocked.
 *
 * @param rules by group; an empty list for a group without rules
 */
record SecurityGroupRules(
    Map<String, List<SecurityRule>> rules, Map<String, List<Cidr>> prefixLists) {
  SecurityGroupRules {
    rules = Map.copyOf(rules);
    prefixLists = Map.copyOf(prefixLists);
  }

  /**
   * The source or destination of a path.
   *
   * @param ranges all addresses that it may have; empty: unknown
   */
  record Node(List<String> groups, List<Cidr> ranges) {}

  /** Whether ingress rules of the destination allow the source. */
  Reachability ingress(Node source, Node destination, Transport transport, int port) {
    return destination.groups().isEmpty()
        ? Reachability.unknown("the groups of the target's interface are not known")
        : evaluate(new Query(false, destination.groups(), source, transport, port));
  }

  /** Whether egress rules of the source allow the destination; without groups there are none. */
  Reachability egress(Node source, Node destination, Transport transport, int port) {
    return source.groups().isEmpty()
        ? Reachability.permitted("the load balancer has no security groups")
        : evaluate(new Query(true, source.groups(), destination, transport, port));
  }

  private record Query(
      boolean egress, List<String> groups, Node peer, Transport transport, int port) {
    boolean matches(SecurityRule rule) {
      return rule.egress() == egress && rule.matches(transport, port);
    }

    /** Such as {@code tcp 8080 from}. */
    String traffic() {
      return transport.label() + " " + port + (egress ? " to " : " from ");
    }
  }

  /** Address ranges that rules allow, and why other ranges may be allowed too. */
  private record Allowed(List<Cidr> ranges, Set<String> ruleIds, Set<String> unknowns) {}

  private Reachability evaluate(Query query) {
    var allowed = new Allowed(new ArrayList<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    for (var group : query.groups()) {
      var known = rules.get(group);
      if (known == null) {
        allowed.unknowns().add("the rules of " + group + " cannot be read");
        continue;
      }
      for (var rule : known) {
        if (query.matches(rule) && allowsGroup(rule, query.peer(), allowed)) {
          return Reachability.permitted(
              rule.id() + " of " + group + " permits " + query.traffic() + peerName(rule));
        }
      }
    }
    return byAddress(query, allowed);
  }

  /** Whether a rule allows the peer by its group; the addresses it allows are collected. */
  private boolean allowsGroup(SecurityRule rule, Node peer, Allowed allowed) {
    if (rule.peer() instanceof SecurityRule.Peer.Group group) {
      if (!peer.groups().contains(group.id()) && group.foreign()) {
        allowed.unknowns().add(rule.id() + " names " + group.id() + " of another account");
      }
      return peer.groups().contains(group.id());
    }
    if (rule.peer() instanceof SecurityRule.Peer.Addresses addresses) {
      allowed.ranges().add(addresses.range());
      allowed.ruleIds().add(rule.id());
    } else if (rule.peer() instanceof SecurityRule.Peer.PrefixList list) {
      var entries = prefixLists.get(list.id());
      if (entries == null) {
        allowed.unknowns().add("prefix list " + list.id() + " cannot be read");
      } else {
        allowed.ranges().addAll(entries);
        allowed.ruleIds().add(rule.id());
      }
    }
    return false;
  }

  private static Reachability byAddress(Query query, Allowed allowed) {
    var coverage =
        query.peer().ranges().stream().map(range -> Coverage.of(range, allowed.ranges())).toList();
    if (!coverage.isEmpty() && coverage.stream().allMatch(c -> c == Coverage.ALL)) {
      return Reachability.permitted(
          String.join(", ", allowed.ruleIds())
              + (allowed.ruleIds().size() == 1 ? " permits " : " permit ")
              + query.traffic()
              + "its addresses");
    }
    if (!allowed.unknowns().isEmpty()) {
      return Reachability.unknown(String.join("; ", allowed.unknowns()));
    }
    if (coverage.isEmpty() && !allowed.ranges().isEmpty()) {
      return Reachability.unknown("the addresses at the other end are not known");
    }
    if (coverage.contains(Coverage.NONE) || allowed.ranges().isEmpty()) {
      return Reachability.blocked(
          "no "
              + (query.egress() ? "egress" : "ingress")
              + " rule of "
              + query.groups().stream().sorted().collect(joining(", "))
              + " permits "
              + query.traffic()
              + "the other end");
    }
    return Reachability.unknown(
        String.join(", ", allowed.ruleIds())
            + " may or may not cover the addresses at the other end");
  }

  private static String peerName(SecurityRule rule) {
    return rule.peer() instanceof SecurityRule.Peer.Group group ? group.id() : "it";
  }
}
