package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.isTrue;
import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.eksnet.model.Cidr;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.ReferencedSecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/**
 * A rule of a security group. Rules only allow.
 *
 * @param protocol {@code tcp}, an IP protocol number, or {@code -1} for all protocols and ports
 */
record SecurityRule(
    String id, String group, boolean egress, String protocol, int fromPort, int toPort, Peer peer) {
  private static final String ALL_PROTOCOLS = "-1";
  private static final int NO_PORT = -1;

  /** The other end of the traffic that the rule allows. */
  sealed interface Peer {
    /**
     * A referenced security group.
     *
     * @param foreign whether it belongs to another account
     */
    record Group(String id, boolean foreign) implements Peer {}

    record Addresses(Cidr range) implements Peer {}

    record PrefixList(String id) implements Peer {}
  }

  /** Empty for a rule whose peer is none of the known kinds. */
  static Optional<SecurityRule> of(SecurityGroupRule rule) {
    return peer(rule)
        .map(
            peer ->
                new SecurityRule(
                    orEmpty(rule.securityGroupRuleId()),
                    orEmpty(rule.groupId()),
                    isTrue(rule.isEgress()),
                    orEmpty(rule.ipProtocol()),
                    Objects.requireNonNullElse(rule.fromPort(), NO_PORT),
                    Objects.requireNonNullElse(rule.toPort(), NO_PORT),
                    peer));
  }

  boolean matches(Transport transport, int port) {
    return protocol.equals(ALL_PROTOCOLS)
        || (transport.matches(protocol) && fromPort <= port && port <= toPort);
  }

  private static Optional<Peer> peer(SecurityGroupRule rule) {
    ReferencedSecurityGroup group = rule.referencedGroupInfo();
    if (group != null && group.groupId() != null) {
      return Optional.of(new Peer.Group(group.groupId(), isForeign(rule, group)));
    }
    if (rule.prefixListId() != null) {
      return Optional.of(new Peer.PrefixList(rule.prefixListId()));
    }
    return Optional.ofNullable(rule.cidrIpv4())
        .or(() -> Optional.ofNullable(rule.cidrIpv6()))
        .map(range -> new Peer.Addresses(Cidr.of(range)));
  }

  private static boolean isForeign(SecurityGroupRule rule, ReferencedSecurityGroup group) {
    return group.userId() != null
        && rule.groupOwnerId() != null
        && !group.userId().equals(rule.groupOwnerId());
  }
}
