package io.eksnet.inventory.aws;

import static java.util.stream.Collectors.toMap;

import io.eksnet.model.inventory.Subnet;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.SubnetCidrBlockStateCode;

/** All subnets of a VPC, listed once for all who want them. */
final class VpcSubnets {
  private static final Duration RECENT = Duration.ofSeconds(50);
  private static final int PAGE = 1_000;

  private record Listing(String vpcId, Instant at, List<Subnet> subnets) {}

  private final AwsCalls calls;
  private final Clock clock;
  private volatile Optional<Listing> last = Optional.empty();

  VpcSubnets(AwsCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  /** As they are now; without roles yet. */
  Future<List<Subnet>> list(String vpcId) {
    return Paginator.pages(
            "DescribeSubnets",
            token ->
                calls.ec2(
                    "DescribeSubnets",
                    ec2 ->
                        ec2.describeSubnets(
                            ask ->
                                ask.filters(SdkNulls.filter("vpc-id", vpcId))
                                    .maxResults(PAGE)
                                    .nextToken(token))),
            DescribeSubnetsResponse::nextToken,
            DescribeSubnetsResponse::subnets)
        .map(subnets -> subnets.stream().flatMap(subnet -> of(subnet).stream()).toList())
        .onSuccess(subnets -> last = Optional.of(new Listing(vpcId, clock.instant(), subnets)));
  }

  /** As they were less than a minute ago; asked anew when the clock was set back. */
  Future<List<Subnet>> recent(String vpcId) {
    var now = clock.instant();
    return last.filter(listing -> listing.vpcId().equals(vpcId))
        .filter(listing -> Duration.between(listing.at(), now).abs().compareTo(RECENT) < 0)
        .map(listing -> Future.succeededFuture(listing.subnets()))
        .orElseGet(() -> list(vpcId));
  }

  /** A subnet without an IPv4 range has no count of free addresses, and none that run out. */
  private static Optional<Subnet> of(software.amazon.awssdk.services.ec2.model.Subnet subnet) {
    if (SdkNulls.text(subnet.cidrBlock()).isEmpty() || subnet.availableIpAddressCount() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Subnet(
            subnet.subnetId(),
            SdkNulls.text(subnet.vpcId()),
            SdkNulls.text(subnet.availabilityZone()),
            subnet.cidrBlock(),
            subnet.availableIpAddressCount(),
            hasIp6(subnet),
            Set.of(),
            deciding(SdkNulls.tags(subnet.tags())),
            List.of()));
  }

  private static boolean hasIp6(software.amazon.awssdk.services.ec2.model.Subnet subnet) {
    return subnet.ipv6CidrBlockAssociationSet().stream()
        .anyMatch(
            range ->
                range.ipv6CidrBlockState() != null
                    && range.ipv6CidrBlockState().state() == SubnetCidrBlockStateCode.ASSOCIATED);
  }

  private static Map<String, String> deciding(Map<String, String> tags) {
    return tags.entrySet().stream()
        .filter(tag -> SubnetTags.decides(tag.getKey()))
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
