package io.eksnet.inventory.aws;

import io.eksnet.inventory.aws.SecurityRule.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.ReferencedSecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.SubnetIpv6CidrBlockAssociation;

/** What EC2 says of rules and ranges, as values of ours. */
final class SecurityValues {
  private static final int NO_PORT = -1;

  private SecurityValues() {}

  /** A rule; none: it permits nobody that can be named. */
  static Optional<SecurityRule> rule(SecurityGroupRule rule) {
    return peer(rule)
        .map(
            peer ->
                new SecurityRule(
                    SdkNulls.text(rule.securityGroupRuleId()),
                    SdkNulls.text(rule.groupId()),
                    SdkNulls.yes(rule.isEgress()),
                    SdkNulls.text(rule.ipProtocol()),
                    port(rule.fromPort()),
                    port(rule.toPort()),
                    peer));
  }

  private static Optional<Peer> peer(SecurityGroupRule rule) {
    ReferencedSecurityGroup group = rule.referencedGroupInfo();
    if (group != null && group.groupId() != null) {
      return Optional.of(new Peer.Group(group.groupId(), foreign(rule, group)));
    }
    if (rule.prefixListId() != null) {
      return Optional.of(new Peer.PrefixList(rule.prefixListId()));
    }
    return Optional.ofNullable(rule.cidrIpv4())
        .or(() -> Optional.ofNullable(rule.cidrIpv6()))
        .map(range -> new Peer.Addresses(Cidr.of(range)));
  }

  private static boolean foreign(SecurityGroupRule rule, ReferencedSecurityGroup group) {
    return group.userId() != null
        && rule.groupOwnerId() != null
        && !group.userId().equals(rule.groupOwnerId());
  }

  static List<Cidr> ranges(Subnet subnet) {
    var ranges = new ArrayList<Cidr>();
    Optional.ofNullable(subnet.cidrBlock()).map(Cidr::of).ifPresent(ranges::add);
    subnet.ipv6CidrBlockAssociationSet().stream()
        .map(SubnetIpv6CidrBlockAssociation::ipv6CidrBlock)
        .map(Cidr::of)
        .forEach(ranges::add);
    return ranges;
  }

  private static int port(@Nullable Integer port) {
    return port == null ? NO_PORT : port;
  }
}
