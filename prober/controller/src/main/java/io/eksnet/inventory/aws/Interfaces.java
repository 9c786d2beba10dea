package io.eksnet.inventory.aws;

import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachment;

/** Elastic network interfaces: always by filter and in pages, as AWS wants it for big accounts. */
final class Interfaces {
  private static final int PAGE = 1_000;

  private Interfaces() {}

  static Future<List<NetworkInterface>> list(AwsCalls calls, Filter... filters) {
    return Paginator.pages(
        "DescribeNetworkInterfaces",
        token ->
            calls.ec2(
                "DescribeNetworkInterfaces",
                ec2 ->
                    ec2.describeNetworkInterfaces(
                        ask -> ask.filters(filters).maxResults(PAGE).nextToken(token))),
        DescribeNetworkInterfacesResponse::nextToken,
        DescribeNetworkInterfacesResponse::networkInterfaces);
  }

  static io.eksnet.model.inventory.NetworkInterface of(NetworkInterface eni) {
    var attachment = eni.attachment();
    return new io.eksnet.model.inventory.NetworkInterface(
        eni.networkInterfaceId(),
        SdkNulls.text(eni.subnetId()),
        SdkNulls.text(eni.availabilityZone()),
        SdkNulls.text(eni.statusAsString()),
        SdkNulls.text(eni.description()),
        SdkNulls.text(eni.interfaceTypeAsString()),
        attachment == null ? "" : SdkNulls.text(attachment.instanceId()),
        attachment != null && isPrimary(attachment),
        addresses(eni),
        Stream.concat(prefixes(eni).stream(), prefixes6(eni)).toList(),
        eni.groups().stream().map(group -> group.groupId()).toList());
  }

  /** Its IPv4 addresses and prefixes. */
  static Stream<String> ranges(NetworkInterface eni) {
    return Stream.concat(
        eni.privateIpAddresses().stream().map(address -> address.privateIpAddress()),
        prefixes(eni).stream());
  }

  private static List<String> addresses(NetworkInterface eni) {
    return Stream.concat(
            eni.privateIpAddresses().stream().map(address -> address.privateIpAddress()),
            eni.ipv6Addresses().stream().map(address -> address.ipv6Address()))
        .toList();
  }

  /**
   * Each network card may have an interface at index 0; that of the first card is the instance's.
   */
  private static boolean isPrimary(NetworkInterfaceAttachment attachment) {
    var card = attachment.networkCardIndex();
    return Integer.valueOf(0).equals(attachment.deviceIndex()) && (card == null || card == 0);
  }

  private static Stream<String> prefixes6(NetworkInterface eni) {
    return eni.ipv6Prefixes().stream().map(prefix -> prefix.ipv6Prefix());
  }

  private static List<String> prefixes(NetworkInterface eni) {
    return eni.ipv4Prefixes().stream().map(prefix -> prefix.ipv4Prefix()).toList();
  }
}
