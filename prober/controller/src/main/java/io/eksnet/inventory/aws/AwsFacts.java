package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Resource;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All that is read from AWS, on clients of its own. */
public final class AwsFacts implements AutoCloseable {
  private final AwsCalls calls;
  private final List<InventorySource<?>> sources;

  private AwsFacts(AwsCalls calls, List<InventorySource<?>> sources) {
    this.calls = calls;
    this.sources = sources;
  }

  /** Opens the clients; calls nothing yet. */
  public static AwsFacts open(AwsSettings settings, AwsPulse pulse, Clock clock) {
    var calls = AwsCalls.open(settings, pulse);
    return new AwsFacts(calls, sources(calls, clock));
  }

  /** What each part needs, as its source declares it; calls nothing. */
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
    try (var facts = open(settings, AwsPulse.DEAF, Clock.systemUTC())) {
      return facts.sources().stream()
          .collect(Collectors.toMap(InventorySource::resource, InventorySource::permissions));
    }
  }

  /** One a part. */
  public List<InventorySource<?>> sources() {
    return sources;
  }

  private static List<InventorySource<?>> sources(AwsCalls calls, Clock clock) {
    var vpc = new VpcSubnets(calls, clock);
    return List.of(
        CallerIdentities.source(calls),
        Clusters.source(calls, clock),
        Addons.source(calls),
        FargateProfiles.source(calls, clock),
        PodIdentities.source(calls, clock),
        Subnets.source(calls, vpc, clock),
        LbSubnets.source(calls, vpc),
        FreePrefixes.source(calls, clock),
        VpcEndpoints.source(calls),
        LeakedInterfaces.source(calls, clock),
        LoadBalancers.source(calls, clock),
        TargetGroups.source(calls),
        new TargetHealthPoll(calls, clock),
        SecurityPaths.source(calls, clock));
  }

  /** Ends all that is under way; takes seconds, so not for an event loop. */
  @Override
  public void close() {
    calls.close();
  }
}
