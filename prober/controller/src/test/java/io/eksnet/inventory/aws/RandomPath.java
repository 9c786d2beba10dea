package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SecurityPath.Verdict.BLOCKED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.PERMITTED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.UNKNOWN;

import io.eksnet.inventory.aws.SecurityRule.Peer;
import io.eksnet.model.Cidr;
import io.eksnet.model.inventory.NetworkAcl;
import io.eksnet.model.inventory.RouteTable;
import io.eksnet.model.inventory.RouteTable.Route;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.SubnetPaths;
import io.eksnet.model.inventory.SubnetPaths.Client;
import io.eksnet.model.inventory.SubnetPaths.Connection;
import io.eksnet.model.inventory.SubnetPaths.Denial;
import io.eksnet.model.inventory.SubnetPaths.End;
import io.eksnet.model.inventory.SubnetPaths.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A client and a server with random rules between them.
 *
 * @param clients the addresses that connect, all of them in {@code range}
 * @param range the addresses that the client may have, as far as is known
 * @param inOneSubnet whether both are in one subnet, where ACLs do not apply
 * @param toServer routes of the client's subnet
 * @param toClient routes of the server's subnet
 */
record RandomPath(
    int number,
    List<String> clients,
    Cidr range,
    String server,
    List<SecurityRule> rulesOfClient,
    List<SecurityRule> rulesOfServer,
    boolean inOneSubnet,
    NetworkAcl aclOfClient,
    NetworkAcl aclOfServer,
    List<Route> toServer,
    List<Route> toClient) {
  static final int PORT = 443;

  private static final String CLIENT_GROUP = "sg-client";
  private static final String SERVER_GROUP = "sg-server";
  private static final List<int[]> PORTS =
      List.of(
          new int[] {0, 65_535},
          new int[] {PORT, PORT},
          new int[] {400, 500},
          new int[] {1_024, 65_535},
          new int[] {32_768, 65_535},
          new int[] {0, 1_023},
          new int[] {8_080, 8_080},
          new int[] {30_000, 40_000});

  static RandomPath of(int number, Random random) {
    var inOneSubnet = random.nextInt(8) == 0;
    var single = random.nextBoolean();
    var subnet = "10.1." + number;
    var first = subnet + "." + (1 + random.nextInt(120));
    var clients =
        single
            ? List.of(first)
            : List.of(first, subnet + ".121", subnet + "." + (130 + random.nextInt(60)));
    var server = (inOneSubnet ? subnet : "10.2." + number) + "." + (200 + random.nextInt(50));
    var ranges = ranges(first, server, number);
    return new RandomPath(
        number,
        clients,
        Cidr.of(single ? first : subnet + ".0/24"),
        server,
        groupRules(CLIENT_GROUP, true, SERVER_GROUP, ranges, random),
        groupRules(SERVER_GROUP, false, CLIENT_GROUP, ranges, random),
        inOneSubnet,
        acl("subnet-client", ranges, random),
        acl("subnet-server", ranges, random),
        inOneSubnet ? local(server + "/32") : routes(server, true, random),
        inOneSubnet ? local(subnet + ".0/24") : routes(first, single, random));
  }

  private static List<String> ranges(String client, String server, int number) {
    return List.of(
        "0.0.0.0/0",
        "10.0.0.0/8",
        "10.1." + number + ".0/24",
        "10.1." + number + ".0/25",
        "10.1." + number + ".128/25",
        client + "/32",
        "10.2." + number + ".0/24",
        server + "/32",
        "192.168.0.0/16");
  }

  /** Allowing rules only; more often than not one that allows all. */
  private static List<SecurityRule> groupRules(
      String group, boolean egress, String other, List<String> ranges, Random random) {
    var rules = new ArrayList<SecurityRule>();
    for (var i = random.nextInt(3); i >= 0; i--) {
      var ports = pick(PORTS, random);
      var peer =
          switch (random.nextInt(4)) {
            case 0 -> new Peer.Group(other, false);
            case 1 -> new Peer.Group("sg-other", false);
            default -> new Peer.Addresses(Cidr.of(pick(ranges, random)));
          };
      var protocol = pick(List.of("tcp", "-1", "udp", "6"), random);
      rules.add(new SecurityRule("sgr-" + i, group, egress, protocol, ports[0], ports[1], peer));
    }
    if (random.nextInt(4) > 0) {
      rules.add(
          new SecurityRule(
              "sgr-all", group, egress, "-1", -1, -1, new Peer.Addresses(Cidr.of("0.0.0.0/0"))));
    }
    return rules;
  }

  private static NetworkAcl acl(String subnet, List<String> ranges, Random random) {
    var entries = new ArrayList<NetworkAcl.Entry>();
    for (var egress : List.of(true, false)) {
      for (var i = random.nextInt(4); i > 0; i--) {
        var ports = pick(PORTS, random);
        entries.add(
            new NetworkAcl.Entry(
                10 * i + random.nextInt(9),
                egress,
                random.nextInt(4) > 0,
                pick(List.of(-1, 6, 6, 17), random),
                pick(ranges, random),
                ports[0],
                ports[1]));
      }
      if (random.nextInt(12) > 0) {
        entries.add(new NetworkAcl.Entry(32_000, egress, true, -1, "0.0.0.0/0", 0, 0));
      }
      entries.add(new NetworkAcl.Entry(32_767, egress, false, -1, "0.0.0.0/0", 0, 0));
    }
    Collections.shuffle(entries, random);
    return new NetworkAcl("acl-" + subnet, false, List.of(subnet), entries);
  }

  private static List<Route> local(String range) {
    return List.of(new Route(range, "local", true));
  }

  /** Mostly one active route to the subnet, and some with longer prefixes if these decide. */
  private static List<Route> routes(String address, boolean longer, Random random) {
    var subnet = address.substring(0, address.lastIndexOf('.'));
    var routes = new ArrayList<Route>();
    var fate = random.nextInt(20);
    if (fate < 19) {
      routes.add(new Route(subnet + ".0/24", "pcx-1", fate < 18));
    }
    if (longer && random.nextInt(4) == 0) {
      routes.add(new Route(subnet + ".0/25", "tgw-1", random.nextBoolean()));
    }
    if (longer && random.nextInt(4) == 0) {
      routes.add(new Route(address + "/32", "eni-1", random.nextInt(3) > 0));
    }
    return routes;
  }

  private static <T> T pick(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  /** The verdict of the program. */
  Verdict verdict() {
    if (!isRouted(toServer, Cidr.of(server)) || !isRouted(toClient, range)) {
      return BLOCKED;
    }
    var denial = denial();
    if (denial.filter(Denial::complete).isPresent()) {
      return BLOCKED;
    }
    var groups = groups().verdict();
    return groups == PERMITTED && denial.isPresent() ? UNKNOWN : groups;
  }

  /** Part of the client's ports, or of the addresses that it may have. */
  boolean mayBeUnknown() {
    return denial().isPresent() || clients.size() > 1;
  }

  private static boolean isRouted(List<Route> routes, Cidr destination) {
    return new RouteTable("rtb-1", false, List.of(), routes)
        .routeTo(destination)
        .filter(Route::active)
        .isPresent();
  }

  private Optional<Denial> denial() {
    return new SubnetPaths(List.of(aclOfClient, aclOfServer))
        .denial(
            new Connection(
                new End("subnet-client", range),
                new End(inOneSubnet ? "subnet-client" : "subnet-server", Cidr.of(server)),
                Protocol.TCP,
                PORT,
                Client.AWS));
  }

  private Reachability groups() {
    var client = new SecurityGroupRules.Node(List.of(CLIENT_GROUP), List.of(range));
    var target = new SecurityGroupRules.Node(List.of(SERVER_GROUP), List.of(Cidr.of(server)));
    var rules =
        new SecurityGroupRules(
            Map.of(CLIENT_GROUP, rulesOfClient, SERVER_GROUP, rulesOfServer), Map.of());
    return rules
        .ingress(client, target, Transport.TCP, PORT)
        .and(rules.egress(client, target, Transport.TCP, PORT));
  }
}
