package io.eksnet.inventory.aws;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules of the security groups in question and the prefix lists that they name. What could not
 * be read is absent: a way over it is unknown, and never blocked.
 *
 * @param rules of each group that could be read, perhaps none
 */
record SecurityGroupRules(
    Map<String, List<SecurityRule>> rules, Map<String, List<Cidr>> prefixLists) {
  SecurityGroupRules {
    rules = Map.copyOf(rules);
    prefixLists = Map.copyOf(prefixLists);
  }

  /**
   * One end of a way.
   *
   * @param ranges all the addresses that it may have; none: they are not known
   */
  record End(List<String> groups, List<Cidr> ranges) {}

  /** Whether the groups of {@code to} let {@code from} in. */
  Judgement in(End from, End to, Transport transport, int port) {
    return to.groups().isEmpty()
        ? Judgement.unknown("the groups of the target's interface are not known")
        : judge(new Question(false, to.groups(), from, transport, port));
  }

  /** Whether the groups of {@code from} let it out; a sender without groups may send. */
  Judgement out(End from, End to, Transport transport, int port) {
    return from.groups().isEmpty()
        ? Judgement.permitted("no groups hold it back")
        : judge(new Question(true, from.groups(), to, transport, port));
  }

  private record Question(
      boolean egress, List<String> groups, End peer, Transport transport, int port) {
    String way() {
      return transport.label() + " " + port + (egress ? " to " : " from ");
    }

    boolean about(SecurityRule rule) {
      return rule.egress() == egress && rule.carries(transport, port);
    }
  }

  /** What the rules leave open: addresses that may pass, and doubts about the rest. */
  private record Openings(List<Cidr> ranges, Set<String> by, Set<String> doubts) {}

  private Judgement judge(Question question) {
    var open = new Openings(new ArrayList<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    for (var group : question.groups()) {
      var known = rules.get(group);
      if (known == null) {
        open.doubts().add("the rules of " + group + " cannot be read");
        continue;
      }
      for (var rule : known) {
        if (question.about(rule) && permits(rule, question.peer(), open)) {
          return Judgement.permitted(
              rule.id() + " of " + group + " permits " + question.way() + named(rule));
        }
      }
    }
    return byAddress(question, open);
  }

  /** Whether a rule permits the peer by its group; if not, what it opens is noted. */
  private boolean permits(SecurityRule rule, End peer, Openings open) {
    if (rule.peer() instanceof SecurityRule.Peer.Group group) {
      if (!peer.groups().contains(group.id()) && group.foreign()) {
        open.doubts().add(rule.id() + " names " + group.id() + " of another account");
      }
      return peer.groups().contains(group.id());
    }
    if (rule.peer() instanceof SecurityRule.Peer.Addresses addresses) {
      open.ranges().add(addresses.range());
      open.by().add(rule.id());
    } else if (rule.peer() instanceof SecurityRule.Peer.PrefixList list) {
      var entries = prefixLists.get(list.id());
      if (entries == null) {
        open.doubts().add("prefix list " + list.id() + " cannot be read");
      } else {
        open.ranges().addAll(entries);
        open.by().add(rule.id());
      }
    }
    return false;
  }

  private static Judgement byAddress(Question question, Openings open) {
    var covered =
        question.peer().ranges().stream().map(range -> Coverage.of(range, open.ranges())).toList();
    if (!covered.isEmpty() && covered.stream().allMatch(c -> c == Coverage.ALL)) {
      return Judgement.permitted(
          String.join(", ", open.by())
              + (open.by().size() == 1 ? " permits " : " permit ")
              + question.way()
              + "its addresses");
    }
    if (!open.doubts().isEmpty()) {
      return Judgement.unknown(String.join("; ", open.doubts()));
    }
    if (covered.isEmpty() && !open.ranges().isEmpty()) {
      return Judgement.unknown("the addresses at the other end are not known");
    }
    if (covered.contains(Coverage.NONE) || open.ranges().isEmpty()) {
      return Judgement.blocked(
          "no "
              + (question.egress() ? "egress" : "ingress")
              + " rule of "
              + question.groups().stream().sorted().collect(joining(", "))
              + " permits "
              + question.way()
              + "the other end");
    }
    return Judgement.unknown(
        String.join(", ", open.by()) + " may or may not cover the addresses at the other end");
  }

  private static String named(SecurityRule rule) {
    return rule.peer() instanceof SecurityRule.Peer.Group group ? group.id() : "it";
  }
}
