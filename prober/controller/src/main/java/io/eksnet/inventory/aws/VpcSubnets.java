package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.orEmpty;
import static java.util.stream.Collectors.toMap;

import io.eksnet.model.inventory.Subnet;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All subnets of a VPC, listed once for all sources that need them. */
final class VpcSubnets {
  /** Less than the shortest interval of the sources. */
  private static final Duration TTL = Duration.ofSeconds(50);

  private static final int PAGE_SIZE = 1_000;

  private final AwsClients aws;
  private final Cache<String, List<Subnet>> subnets;

  VpcSubnets(AwsClients aws) {
    this.aws = aws;
    subnets = new Cache<>(TTL, aws.clock());
  }

  /** The current subnets, without roles. */
  Future<List<Subnet>> list(String vpcId) {
    var vpc = SdkValues.filter("vpc-id", vpcId);
    return AwsClients.list(
            aws.ec2()
                .describeSubnetsPaginator(request -> request.filters(vpc).maxResults(PAGE_SIZE)),
            page -> page.subnets().stream().flatMap(subnet -> of(subnet).stream()).toList())
        .onSuccess(current -> subnets.put(vpcId, current));
  }

  /** The subnets of less than a minute ago. */
  Future<List<Subnet>> recent(String vpcId) {
    return subnets.getIfFresh(vpcId).map(Future::succeededFuture).orElseGet(() -> list(vpcId));
  }

  /** An IPv6-only subnet has no count of free addresses, and does not run out of them. */
  private static Optional<Subnet> of(software.amazon.awssdk.services.ec2.model.Subnet subnet) {
    if (orEmpty(subnet.cidrBlock()).isEmpty() || subnet.availableIpAddressCount() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Subnet(
            subnet.subnetId(),
            orEmpty(subnet.availabilityZone()),
            subnet.cidrBlock(),
            subnet.availableIpAddressCount(),
            Set.of(),
            roleTags(SdkValues.tags(subnet.tags())),
            List.of()));
  }

  private static Map<String, String> roleTags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .filter(tag -> SubnetTags.isKept(tag.getKey()))
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
