package io.eksnet.inventory.aws;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import software.amazon.awssdk.services.ec2.model.GetSubnetCidrReservationsResponse;

/** The CIDR reservations of subnets: one request each, so a few subnets at a time. */
final class SubnetReservations {
  private static final Duration TTL = Duration.ofHours(1);
  private static final int MAX_READS = 3;

  private final AwsClients aws;
  private final Cache<String, List<String>> reservations;

  SubnetReservations(AwsClients aws) {
    this.aws = aws;
    reservations = new Cache<>(TTL, aws.clock());
  }

  /** The last known reservations of a subnet. */
  List<String> of(String subnetId) {
    return reservations.get(subnetId).orElse(List.of());
  }

  /** Reads some that are missing or stale. Never fails; a failed read is repeated after the TTL. */
  Future<Void> refresh(Collection<String> subnetIds) {
    reservations.retainAll(subnetIds);
    var next = reservations.stale(subnetIds).stream().limit(MAX_READS).toList();
    return aws.each(next, this::read).<Void>mapEmpty().otherwiseEmpty();
  }

  /** The SDK has no paginator for this operation; a subnet has a handful of reservations. */
  private Future<List<String>> read(String subnetId) {
    return AwsClients.future(
            aws.ec2().getSubnetCidrReservations(request -> request.subnetId(subnetId)))
        .map(SubnetReservations::ranges)
        .otherwise(failure -> of(subnetId))
        .onSuccess(ranges -> reservations.put(subnetId, ranges));
  }

  /** Whether EC2 assigns addresses of this reservation only on request. */
  static boolean isExplicit(String reservation) {
    return reservation.endsWith(" explicit");
  }

  /** The range of a reservation. */
  static String range(String reservation) {
    return reservation.substring(0, reservation.indexOf(' '));
  }

  private static List<String> ranges(GetSubnetCidrReservationsResponse response) {
    return response.subnetIpv4CidrReservations().stream()
        .map(reservation -> reservation.cidr() + " " + reservation.reservationTypeAsString())
        .toList();
  }
}
