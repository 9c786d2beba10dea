package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.SdkValues.orEmpty;

import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachment;

/** Reads elastic network interfaces. */
final class Interfaces {
  private static final int PAGE_SIZE = 1_000;

  private Interfaces() {}

  static Future<List<NetworkInterface>> list(AwsClients aws, Filter... filters) {
    return AwsClients.list(
        aws.ec2()
            .describeNetworkInterfacesPaginator(
                request -> request.filters(filters).maxResults(PAGE_SIZE)),
        DescribeNetworkInterfacesResponse::networkInterfaces);
  }

  static io.eksnet.model.inventory.NetworkInterface of(NetworkInterface eni) {
    var attachment = eni.attachment();
    return new io.eksnet.model.inventory.NetworkInterface(
        eni.networkInterfaceId(),
        orEmpty(eni.subnetId()),
        attachment == null ? "" : orEmpty(attachment.instanceId()),
        attachment != null && isPrimary(attachment),
        Stream.concat(
                ipv4Addresses(eni), eni.ipv6Addresses().stream().map(ipv6 -> ipv6.ipv6Address()))
            .toList(),
        Stream.concat(
                ipv4Prefixes(eni), eni.ipv6Prefixes().stream().map(prefix -> prefix.ipv6Prefix()))
            .toList(),
        eni.groups().stream().map(group -> group.groupId()).toList());
  }

  /** Its IPv4 addresses and prefixes. */
  static Stream<String> ranges(NetworkInterface eni) {
    return Stream.concat(ipv4Addresses(eni), ipv4Prefixes(eni));
  }

  private static Stream<String> ipv4Addresses(NetworkInterface eni) {
    return eni.privateIpAddresses().stream().map(address -> address.privateIpAddress());
  }

  private static Stream<String> ipv4Prefixes(NetworkInterface eni) {
    return eni.ipv4Prefixes().stream().map(prefix -> prefix.ipv4Prefix());
  }

  /** Each network card may have a device index 0; the first card has the primary interface. */
  private static boolean isPrimary(NetworkInterfaceAttachment attachment) {
    var card = attachment.networkCardIndex();
    return Integer.valueOf(0).equals(attachment.deviceIndex()) && (card == null || card == 0);
  }
}
