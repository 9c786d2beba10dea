package io.eksnet.lab.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A security group with its rules. */
public record SecurityGroup(
    String id, String name, String description, List<Rule> rules, Map<String, String> tags)
    implements Item {

  public SecurityGroup {
    rules = List.copyOf(rules);
    tags = Map.copyOf(tags);
  }

  @Override
  public String key() {
    return id;
  }

  /**
   * A rule.
   *
   * @param protocol {@code tcp}, {@code udp}, {@code icmp} or {@code -1} for all
   * @param from the lowest port, -1 for all
   * @param peer a group's id, a prefix list's id, an IPv4 or an IPv6 range
   */
  public record Rule(String id, boolean egress, String protocol, int from, int to, String peer) {
    /** A rule that lets TCP in. */
    public static Rule tcp(int from, int to, String peer) {
      var id = "sgr-" + Ids.hex("tcp" + from + " " + to + peer, 17);
      return new Rule(id, false, "tcp", from, to, peer);
    }

    /** A rule that lets everything in. */
    public static Rule all(String peer) {
      return new Rule("sgr-" + Ids.hex("in" + peer, 17), false, "-1", -1, -1, peer);
    }

    /** A rule that lets everything out to everywhere. */
    public static Rule out() {
      return new Rule("sgr-" + Ids.hex("out", 17), true, "-1", -1, -1, "0.0.0.0/0");
    }
  }

  public SecurityGroup withRules(List<Rule> next) {
    return new SecurityGroup(id, name, description, next, tags);
  }

  /** With a rule more. */
  public SecurityGroup with(Rule rule) {
    var next = new ArrayList<>(rules);
    next.add(rule);
    return withRules(next);
  }

  /** Without the rules that let {@code peer} in. */
  public SecurityGroup without(String peer) {
    return withRules(
        rules.stream().filter(rule -> rule.egress() || !rule.peer().equals(peer)).toList());
  }
}
