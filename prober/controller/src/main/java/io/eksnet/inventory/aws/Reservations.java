package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Subnet;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.GetSubnetCidrReservationsResponse;

/**
 * The reserved ranges of subnets: one call a subnet, so a few subnets at a time, each once an hour.
 */
final class Reservations {
  private static final Duration EVERY = Duration.ofHours(1);
  private static final int AT_A_TIME = 3;

  private record Read(Instant at, List<String> ranges) {}

  private final AwsCalls calls;
  private final Clock clock;
  private final Map<String, Read> last = new ConcurrentHashMap<>();

  Reservations(AwsCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  /** The same subnets with what is known of their reservations. Never fails. */
  Future<List<Subnet>> in(List<Subnet> subnets) {
    var ids = subnets.stream().map(Subnet::id).collect(Collectors.toSet());
    last.keySet().retainAll(ids);
    return Paginator.each(due(ids), this::read)
        .recover(failure -> Future.succeededFuture(List.of()))
        .map(read -> subnets.stream().map(this::with).toList());
  }

  private List<String> due(Set<String> ids) {
    var oldest = clock.instant().minus(EVERY);
    return ids.stream()
        .sorted()
        .filter(id -> !last.containsKey(id) || !last.get(id).at().isAfter(oldest))
        .limit(AT_A_TIME)
        .toList();
  }

  /** What failed is asked again an hour later: nothing but a display depends on it. */
  private Future<Boolean> read(String id) {
    return Paginator.pages(
            "GetSubnetCidrReservations",
            token ->
                calls.ec2(
                    "GetSubnetCidrReservations",
                    ec2 -> ec2.getSubnetCidrReservations(ask -> ask.subnetId(id).nextToken(token))),
            GetSubnetCidrReservationsResponse::nextToken,
            Reservations::ranges)
        .otherwise(failure -> last.containsKey(id) ? last.get(id).ranges() : List.of())
        .map(
            ranges -> {
              last.put(id, new Read(clock.instant(), ranges));
              return true;
            });
  }

  private static List<String> ranges(GetSubnetCidrReservationsResponse page) {
    return page.subnetIpv4CidrReservations().stream()
        .map(reservation -> reservation.cidr() + " " + reservation.reservationTypeAsString())
        .toList();
  }

  private Subnet with(Subnet subnet) {
    var read = last.get(subnet.id());
    return new Subnet(
        subnet.id(),
        subnet.vpcId(),
        subnet.zone(),
        subnet.cidr(),
        subnet.available(),
        subnet.ipv6(),
        subnet.roles(),
        subnet.tags(),
        read == null ? List.of() : read.ranges());
  }
}
