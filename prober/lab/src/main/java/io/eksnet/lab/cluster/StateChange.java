package io.eksnet.lab.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A change of the cluster's state; {@code docs/scenarios.md} describes how it is written. */
@FunctionalInterface
public interface StateChange {
  /** The state after the change. */
  ClusterState apply(ClusterState state, Instant now);

  /**
   * Parses a change or a list of changes.
   *
   * @param like the changes of the scenario with this name
   * @throws IllegalArgumentException with the line and the remedy
   */
  static StateChange parse(YamlNode yaml, Function<YamlNode, StateChange> like) {
    if (!yaml.isList()) {
      return parseOne(yaml, like);
    }
    var changes = yaml.list().stream().map(change -> parseOne(change, like)).toList();
    return (state, now) -> {
      var next = state;
      for (var change : changes) {
        next = change.apply(next, now);
      }
      return next;
    };
  }

  private static StateChange parseOne(YamlNode yaml, Function<YamlNode, StateChange> like) {
    if (yaml.has("set")) {
      return set(yaml);
    } else if (yaml.has("add")) {
      return add(yaml);
    } else if (yaml.has("remove")) {
      return remove(yaml);
    }
    var fields = yaml.fields("a change", Set.of("set", "add", "remove", "like"));
    return like.apply(yaml.required(fields, "like"));
  }

  private static StateChange set(YamlNode yaml) {
    var fields = yaml.fields("set", Set.of("set", "where", "to", "drop"));
    var kind = ItemCodec.kind(yaml.required(fields, "set"));
    var to = fields.get("to");
    var drop = fields.get("drop");
    return (state, now) -> {
      var values = new ItemValues(state);
      var next = state;
      for (var item : values.selectSome(kind, fields.get("where"), yaml)) {
        var tree = ItemCodec.toTree(item);
        if (drop != null) {
          drop(values, drop, kind, tree);
        }
        var merged =
            to == null ? tree : ItemCodec.merge(tree, values.resolve(to, ItemCodec.type(kind)));
        var changed = ItemCodec.read(kind, merged, to == null ? yaml : to, now);
        next = next.with(changed);
        if (!changed.key().equals(item.key())) {
          next = next.without(kind, item.key());
        }
      }
      return next;
    };
  }

  /** Removes the matching elements from lists. */
  private static void drop(
      ItemValues values, YamlNode drop, Class<? extends Item> kind, ObjectNode tree) {
    var types = ItemCodec.fields(kind);
    drop.fields(kind.getSimpleName(), types.keySet())
        .forEach(
            (name, yaml) -> {
              if (!(tree.get(name) instanceof ArrayNode list)) {
                throw yaml.error(name + " is not a list");
              }
              var pattern = values.resolve(yaml, requireNonNull(types.get(name)));
              list.removeIf(element -> ItemCodec.matches(pattern, element));
            });
  }

  private static StateChange add(YamlNode yaml) {
    var fields = yaml.fields("add", Set.of("add", "copy", "as"));
    var kind = ItemCodec.kind(yaml.required(fields, "add"));
    var as = yaml.required(fields, "as");
    @Nullable YamlNode copy = fields.get("copy");
    return (state, now) -> {
      var values = new ItemValues(state);
      var patch = values.resolve(as, ItemCodec.type(kind));
      var tree =
          copy == null
              ? patch
              : ItemCodec.merge(
                  ItemCodec.toTree(values.selectSome(kind, copy, copy).get(0)), patch);
      return state.with(ItemCodec.read(kind, tree, as, now));
    };
  }

  private static StateChange remove(YamlNode yaml) {
    var fields = yaml.fields("remove", Set.of("remove", "where"));
    var kind = ItemCodec.kind(yaml.required(fields, "remove"));
    return (state, now) -> {
      var next = state;
      for (var item : new ItemValues(state).selectSome(kind, fields.get("where"), yaml)) {
        next = next.without(kind, item.key());
      }
      return next;
    };
  }
}
