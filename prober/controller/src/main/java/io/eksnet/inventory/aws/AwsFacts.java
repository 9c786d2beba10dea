package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Resource;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The sources that read AWS, on clients of their own. */
public final class AwsFacts implements AutoCloseable {
  private final AwsClients aws;
  private final List<InventorySource<?>> sources;

  private AwsFacts(AwsClients aws, List<InventorySource<?>> sources) {
    this.aws = aws;
    this.sources = sources;
  }

  /** Opens the clients; sends no request. */
  public static AwsFacts open(AwsSettings settings, AwsRequestListener listener, Clock clock) {
    var aws = AwsClients.open(settings, listener, clock);
    return new AwsFacts(aws, sources(aws));
  }

  /** The permissions that each resource needs; sends no request. */
  public static Map<Resource<?>, List<Permission>> permissions() {
    var settings =
        new AwsSettings(
            "us-east-1",
            "none",
            Map.of(),
            new AwsCredentials.Fixed("none", "none", ""),
            "other",
            AwsSettings.CALL_TIMEOUT,
            Map.of());
    try (var facts = open(settings, AwsRequestListener.NOOP, Clock.systemUTC())) {
      return facts.sources().stream()
          .collect(Collectors.toMap(InventorySource::resource, InventorySource::permissions));
    }
  }

  /** One per resource. */
  public List<InventorySource<?>> sources() {
    return sources;
  }

  private static List<InventorySource<?>> sources(AwsClients aws) {
    var vpcSubnets = new VpcSubnets(aws);
    return List.of(
        new CallerIdentities(aws),
        new Clusters(aws),
        new Addons(aws),
        new FargateProfiles(aws),
        new PodIdentities(aws),
        new Subnets(aws, vpcSubnets),
        new LbSubnets(aws, vpcSubnets),
        new FreePrefixes(aws),
        new VpcEndpoints(aws, vpcSubnets),
        new VpcDnsAttributes(aws),
        new NetworkAcls(aws),
        new RouteTables(aws),
        new NatGateways(aws),
        new LeakedInterfaces(aws),
        new LoadBalancers(aws),
        new LbAddresses(aws),
        new TargetGroups(aws),
        new TargetHealthPoll(aws),
        new SecurityPaths(aws));
  }

  /** Fails requests in flight; blocks for seconds, so not for an event loop. */
  @Override
  public void close() {
    aws.close();
  }
}
