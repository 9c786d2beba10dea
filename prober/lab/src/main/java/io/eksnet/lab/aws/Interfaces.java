package io.eksnet.lab.aws;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Eni;
import io.eksnet.lab.cluster.Ids;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.SecurityGroup;
import java.util.List;
import java.util.Map;

/** Network interfaces and the instances that have them, as EC2 writes them. */
record Interfaces(ClusterState state, String account, String vpc) {
  List<String> filter(Eni eni, String filter) {
    return switch (filter) {
      case "vpc-id" -> List.of(vpc);
      case "subnet-id" -> List.of(eni.subnetId());
      case "network-interface-id" -> List.of(eni.id());
      case "availability-zone" -> List.of(eni.zone());
      case "group-id" -> eni.groups();
      case "status" -> List.of(eni.status());
      case "description" -> List.of(eni.description());
      case "interface-type" -> List.of(eni.type());
      case "attachment.instance-id" -> List.of(eni.instanceId());
      case "attachment.device-index" -> List.of(Integer.toString(eni.device()));
      case "addresses.private-ip-address" -> eni.addresses();
      case "private-ip-address" -> eni.addresses().stream().limit(1).toList();
      case "ipv4-prefix.ipv4-prefix" -> eni.prefixes();
      default -> Call.tag(eni.tags(), filter);
    };
  }

  void write(Xml xml, Eni eni) {
    face(xml, eni)
        .text("availabilityZone", eni.zone())
        .text("description", eni.description())
        .text("requesterManaged", eni.instanceId().isEmpty())
        .text("interfaceType", eni.type());
    if (eni.status().equals("in-use")) {
      xml.in("attachment", in -> attachment(in, eni));
    }
    xml.tags(eni.tags());
  }

  List<String> filter(Node node, String filter) {
    return switch (filter) {
      case "vpc-id" -> List.of(vpc);
      case "instance-id" -> List.of(node.instanceId());
      case "instance-state-name" -> List.of("running");
      case "subnet-id" -> List.of(node.subnetId());
      case "private-ip-address" -> List.of(node.address());
      case "private-dns-name" -> List.of(node.name());
      default -> Call.tag(Map.of("Name", node.name()), filter);
    };
  }

  /** A reservation with its one instance. */
  void write(Xml xml, Node node) {
    var enis =
        state.all(Eni.class).stream()
            .filter(eni -> eni.instanceId().equals(node.instanceId()))
            .toList();
    var groups = enis.stream().limit(1).flatMap(eni -> eni.groups().stream()).toList();
    xml.text("reservationId", "r-" + Ids.hex(node.name(), 17))
        .text("ownerId", account)
        .in(
            "instancesSet",
            set ->
                set.in(
                    "item",
                    item ->
                        item.text("instanceId", node.instanceId())
                            .in("instanceState", in -> in.text("code", 16).text("name", "running"))
                            .text("privateDnsName", node.name())
                            .text("privateIpAddress", node.address())
                            .text("instanceType", node.instanceType())
                            .text("launchTime", node.created())
                            .in("placement", in -> in.text("availabilityZone", node.zone()))
                            .text("subnetId", node.subnetId())
                            .text("vpcId", vpc)
                            .items("groupSet", groups, this::group)
                            .items(
                                "networkInterfaceSet",
                                enis,
                                (in, eni) ->
                                    face(in, eni).in("attachment", to -> attachment(to, eni)))
                            .tags(Map.of("Name", node.name()))));
  }

  private Xml face(Xml xml, Eni eni) {
    return xml.text("networkInterfaceId", eni.id())
        .text("subnetId", eni.subnetId())
        .text("vpcId", vpc)
        .text("ownerId", account)
        .text("status", eni.status())
        .text("privateIpAddress", eni.addresses().isEmpty() ? "" : eni.addresses().get(0))
        .items("groupSet", eni.groups(), this::group)
        .items(
            "privateIpAddressesSet",
            eni.addresses(),
            (item, address) ->
                item.text("privateIpAddress", address)
                    .text("primary", address.equals(eni.addresses().get(0))))
        .items("ipv4PrefixSet", eni.prefixes(), (item, prefix) -> item.text("ipv4Prefix", prefix));
  }

  private static void attachment(Xml xml, Eni eni) {
    xml.text("attachmentId", "eni-attach-" + Ids.hex(eni.id(), 17))
        .text("instanceId", eni.instanceId())
        .text("deviceIndex", eni.device())
        .text("status", "attached");
  }

  private void group(Xml xml, String id) {
    var name = state.find(SecurityGroup.class, id).map(SecurityGroup::name).orElse("");
    xml.text("groupId", id).text("groupName", name);
  }
}
