package io.eksnet.lab.aws;

import io.eksnet.lab.cluster.SecurityGroup;
import java.util.List;

/** Rules of security groups as EC2 writes them. */
final class Rules {
  private Rules() {}

  /** A rule and the group that has it. */
  record Owned(String groupId, SecurityGroup.Rule rule) {}

  static List<String> filter(Owned owned, String filter) {
    return switch (filter) {
      case "group-id" -> List.of(owned.groupId());
      case "security-group-rule-id" -> List.of(owned.rule().id());
      default -> throw Call.noSuchFilter(filter);
    };
  }

  /** One of {@code DescribeSecurityGroupRules}. */
  static void rule(Xml xml, Owned owned, String account) {
    var rule = owned.rule();
    xml.text("securityGroupRuleId", rule.id())
        .text("groupId", owned.groupId())
        .text("groupOwnerId", account)
        .text("isEgress", rule.egress())
        .text("ipProtocol", rule.protocol())
        .text("fromPort", rule.from())
        .text("toPort", rule.to());
    switch (peer(rule)) {
      case GROUP ->
          xml.in(
              "referencedGroupInfo", in -> in.text("groupId", rule.peer()).text("userId", account));
      case PREFIX_LIST -> xml.text("prefixListId", rule.peer());
      case IPV6 -> xml.text("cidrIpv6", rule.peer());
      case IPV4 -> xml.text("cidrIpv4", rule.peer());
    }
  }

  /** One of {@code DescribeSecurityGroups}. */
  static void permission(Xml xml, SecurityGroup.Rule rule) {
    xml.text("ipProtocol", rule.protocol());
    if (!rule.protocol().equals("-1")) {
      xml.text("fromPort", rule.from()).text("toPort", rule.to());
    }
    var peer = List.of(rule.peer());
    switch (peer(rule)) {
      case GROUP -> xml.items("groups", peer, (item, id) -> item.text("groupId", id));
      case PREFIX_LIST ->
          xml.items("prefixListIds", peer, (item, id) -> item.text("prefixListId", id));
      case IPV6 -> xml.items("ipv6Ranges", peer, (item, cidr) -> item.text("cidrIpv6", cidr));
      case IPV4 -> xml.items("ipRanges", peer, (item, cidr) -> item.text("cidrIp", cidr));
    }
  }

  private enum Peer {
    GROUP,
    PREFIX_LIST,
    IPV4,
    IPV6
  }

  private static Peer peer(SecurityGroup.Rule rule) {
    if (rule.peer().startsWith("sg-")) {
      return Peer.GROUP;
    }
    if (rule.peer().startsWith("pl-")) {
      return Peer.PREFIX_LIST;
    }
    return rule.peer().contains(":") ? Peer.IPV6 : Peer.IPV4;
  }
}
