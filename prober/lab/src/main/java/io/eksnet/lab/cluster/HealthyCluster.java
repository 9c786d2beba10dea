package io.eksnet.lab.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** The cluster of {@code healthy-cluster.yaml}, in which nothing is wrong. */
public final class HealthyCluster {
  public static final String NAME = "lab";
  public static final String REGION = "eu-west-1";

  private static final String FILE = "healthy-cluster.yaml";
  private static final String TEXT = read();

  private HealthyCluster() {}

  /** The state of the cluster at the addresses and ports of {@code network}. */
  public static ClusterState load(LabNetwork network, Instant now) {
    var text = TEXT;
    for (var value : placeholders(network).entrySet()) {
      text = text.replace("${" + value.getKey() + "}", value.getValue());
    }
    var state = ClusterState.EMPTY;
    for (var table : YamlNode.parse(FILE, text).entries().entrySet()) {
      var kind = ItemCodec.KINDS.get(table.getKey());
      if (kind == null) {
        throw table.getValue().error("unknown kind \"" + table.getKey() + "\"");
      }
      for (var item : table.getValue().list()) {
        state = item.has("items") ? addGroup(state, kind, item, now) : add(state, kind, item, now);
      }
    }
    return state;
  }

  private static ClusterState addGroup(
      ClusterState state, Class<? extends Item> kind, YamlNode group, Instant now) {
    var fields = group.fields("a group", Set.of("common", "items"));
    var type = ItemCodec.type(kind);
    var next = state;
    for (var item : group.required(fields, "items").list()) {
      var values = new ItemValues(next);
      var common = values.resolve(group.required(fields, "common"), type);
      var tree = ItemCodec.merge(common, values.resolve(item, type));
      next = next.with(ItemCodec.read(kind, tree, item, now));
    }
    return next;
  }

  private static ClusterState add(
      ClusterState state, Class<? extends Item> kind, YamlNode item, Instant now) {
    var tree = new ItemValues(state).resolve(item, ItemCodec.type(kind));
    return state.with(ItemCodec.read(kind, tree, item, now));
  }

  private static Map<String, String> placeholders(LabNetwork network) {
    return Map.of(
        "vpc", "127." + network.vpc(),
        "vpc-dashed", "127-" + network.vpc(),
        "services", prefix(network.clusterIp(0)),
        "public", prefix(network.publicAddress(0)),
        "web", Integer.toString(network.web()),
        "dns", Integer.toString(network.dns()),
        "service", Integer.toString(network.service()),
        "lb", Integer.toString(network.lb()),
        "health", Integer.toString(network.health()),
        "api", Integer.toString(network.api()));
  }

  private static String prefix(String address) {
    return address.substring(0, address.lastIndexOf('.'));
  }

  private static String read() {
    try (var in = HealthyCluster.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
