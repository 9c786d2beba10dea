package io.eksnet.inventory.aws;

import io.eksnet.inventory.aws.SecurityRule.Peer;
import io.eksnet.model.inventory.NetworkAcl;
import io.eksnet.model.inventory.RouteTable.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Two network namespaces with a cable between them: all clients are in one, all servers in the
 * other. Security groups are rules of new connections, ACLs of each packet that enters or leaves.
 *
 * @param directory for the files that the programs read
 */
record KernelNetwork(Path directory) {
  private static final int ATTEMPTS = 4;
  private static final int FIRST_EPHEMERAL = 1_024;

  /** The clients run in the namespace of this script, the servers in another. */
  private static final String SCRIPT =
      """
      set -e
      unshare -n sleep 60 &
      servers=$!
      trap 'kill $servers' EXIT
      while [ "$(readlink /proc/$servers/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do
        sleep 0.01
      done
      inside="nsenter -t $servers -n"
      ip link add clients type veth peer name servers netns $servers
      ip link set clients up
      $inside ip link set servers up
      ip -batch clients.ip
      $inside ip -batch servers.ip
      nft -f clients.nft
      $inside nft -f servers.nft
      java="$1 -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -cp $2"
      $inside $java io.eksnet.inventory.aws.ConnectionAttempts listen &
      listener=$!
      trap 'kill $servers $listener' EXIT
      until $inside sh -c 'grep -qi ":01BB .* 0A " /proc/net/tcp /proc/net/tcp6'; do sleep 0.02; done
      $java io.eksnet.inventory.aws.ConnectionAttempts connect attempts result
      """;

  /** A connection of a client from a random port. */
  record Attempt(int path, boolean connected) {}

  static boolean isAvailable() throws IOException, InterruptedException {
    try {
      var check =
          new ProcessBuilder("unshare", "-n", "sh", "-c", "ip link && nft list ruleset")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return check.waitFor(10, TimeUnit.SECONDS) && check.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no program unshare
    }
  }

  List<Attempt> connect(List<RandomPath> paths) throws IOException, InterruptedException {
    write("clients.ip", paths.stream().flatMap(path -> clientAddresses(path).stream()).toList());
    write("servers.ip", paths.stream().flatMap(path -> serverAddresses(path).stream()).toList());
    write("clients.nft", filter(paths, true));
    write("servers.nft", filter(paths, false));
    write("attempts", attempts(paths));
    var log = directory.resolve("log").toFile();
    var script =
        new ProcessBuilder(
                "unshare",
                "-n",
                "sh",
                "-c",
                SCRIPT,
                "sh",
                ProcessHandle.current().info().command().orElse("java"),
                classes())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    if (!script.waitFor(60, TimeUnit.SECONDS) || script.exitValue() != 0) {
      script.descendants().forEach(ProcessHandle::destroyForcibly);
      script.destroyForcibly();
      throw new IOException("the network failed: " + Files.readString(log.toPath()));
    }
    return Files.readAllLines(directory.resolve("result")).stream()
        .map(line -> line.split(" "))
        .map(parts -> new Attempt(Integer.parseInt(parts[0]), parts[1].equals("true")))
        .toList();
  }

  private static String classes() {
    return Path.of(
            ConnectionAttempts.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .toString();
  }

  private void write(String file, List<String> lines) throws IOException {
    Files.write(directory.resolve(file), lines);
  }

  private static List<String> clientAddresses(RandomPath path) {
    var lines = new ArrayList<String>();
    path.clients().forEach(client -> lines.add("address add " + client + "/32 dev clients"));
    path.toServer().forEach(route -> lines.add(routeTo(route, "clients")));
    return lines;
  }

  private static List<String> serverAddresses(RandomPath path) {
    var lines = new ArrayList<String>();
    lines.add("address add " + path.server() + "/32 dev servers");
    path.toClient().forEach(route -> lines.add(routeTo(route, "servers")));
    return lines;
  }

  private static String routeTo(Route route, String device) {
    return "route add "
        + (route.active()
            ? route.destination() + " dev " + device
            : "blackhole " + route.destination());
  }

  private static List<String> attempts(List<RandomPath> paths) {
    var random = new Random(1);
    var lines = new ArrayList<String>();
    for (var path : paths) {
      for (var client : path.clients()) {
        for (var i = 0; i < ATTEMPTS; i++) {
          var port = FIRST_EPHEMERAL + random.nextInt(65_536 - FIRST_EPHEMERAL);
          lines.add(path.number() + " " + client + " " + port + " " + path.server());
        }
      }
    }
    return lines;
  }

  /** Each path has its own chains, found by the address on this side. */
  private static List<String> filter(List<RandomPath> paths, boolean ofClients) {
    var lines = new ArrayList<String>();
    lines.add("table ip paths {");
    for (var path : paths) {
      var acl = ofClients ? path.aclOfClient() : path.aclOfServer();
      lines.add(chain("group" + path.number(), groupRules(path, ofClients)));
      lines.add(chain("leave" + path.number(), aclRules(path, acl, true)));
      lines.add(chain("enter" + path.number(), aclRules(path, acl, false)));
    }
    lines.add(
        base(
            "groups",
            ofClients ? "output" : "input",
            ofClients ? "ip saddr" : "ip daddr",
            "group",
            paths,
            ofClients));
    lines.add(base("leaving", "postrouting", "ip saddr", "leave", paths, ofClients));
    lines.add(base("entering", "prerouting", "ip daddr", "enter", paths, ofClients));
    lines.add("}");
    return lines;
  }

  private static String base(
      String name,
      String hook,
      String match,
      String chains,
      List<RandomPath> paths,
      boolean ofClients) {
    var elements = new ArrayList<String>();
    for (var path : paths) {
      for (var address : ofClients ? path.clients() : List.of(path.server())) {
        elements.add(address + " : goto " + chains + path.number());
      }
    }
    return "chain %s { type filter hook %s priority 0; policy accept; %s vmap { %s }; }"
        .formatted(name, hook, match, String.join(", ", elements));
  }

  private static String chain(String name, List<String> rules) {
    return "chain %s { %s; }".formatted(name, String.join("; ", rules));
  }

  private static List<String> groupRules(RandomPath path, boolean ofClient) {
    var rules = new ArrayList<String>();
    for (var rule : ofClient ? path.rulesOfClient() : path.rulesOfServer()) {
      var peers =
          rule.peer() instanceof Peer.Addresses addresses
              ? addresses.range().toString()
              : members(path, (Peer.Group) rule.peer());
      if (!peers.isEmpty()) {
        rules.add(
            (ofClient ? "ip daddr " : "ip saddr ")
                + peers
                + ports(rule.protocol(), rule.fromPort(), rule.toPort())
                + " accept");
      }
    }
    rules.add("drop");
    return rules;
  }

  private static String members(RandomPath path, Peer.Group group) {
    return switch (group.id()) {
      case "sg-client" -> "{ " + String.join(", ", path.clients()) + " }";
      case "sg-server" -> path.server();
      default -> "";
    };
  }

  private static List<String> aclRules(RandomPath path, NetworkAcl acl, boolean egress) {
    if (path.inOneSubnet()) {
      return List.of("accept");
    }
    return acl.entries().stream()
        .filter(entry -> entry.egress() == egress)
        .sorted(Comparator.comparingInt(NetworkAcl.Entry::number))
        .map(
            entry ->
                (egress ? "ip daddr " : "ip saddr ")
                    + entry.range()
                    + ports(String.valueOf(entry.protocol()), entry.fromPort(), entry.toPort())
                    + (entry.allow() ? " accept" : " drop"))
        .toList();
  }

  private static String ports(String protocol, int from, int to) {
    return switch (protocol) {
      case "-1" -> "";
      case "17", "udp" -> " udp dport " + from + "-" + to;
      default -> " tcp dport " + from + "-" + to;
    };
  }
}
