package io.eksnet.lab.change;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The vocabulary: {@code set}, {@code add} and {@code remove}. */
final class Changes {
  private Changes() {}

  static Change set(Yaml yaml) {
    var keys = yaml.keys("set", Set.of("set", "where", "to", "drop"));
    var kind = Kinds.of(Change.must(keys, "set", yaml));
    return (state, now) -> {
      var values = new Values(state, now);
      var next = state;
      for (var thing : some(values, kind, keys.get("where"), yaml)) {
        var to = keys.get("to");
        var changed = to == null ? thing : (Item) values.value(to, kind, thing);
        next = replaced(next, kind, thing, dropped(values, keys.get("drop"), kind, changed));
      }
      return next;
    };
  }

  static Change add(Yaml yaml) {
    var keys = yaml.keys("add", Set.of("add", "copy", "as"));
    var kind = Kinds.of(Change.must(keys, "add", yaml));
    var as = Change.must(keys, "as", yaml);
    return (state, now) -> {
      var values = new Values(state, now);
      var copy = keys.get("copy");
      var old = copy == null ? null : some(values, kind, copy, copy).get(0);
      return state.with((Item) values.value(as, kind, old));
    };
  }

  static Change remove(Yaml yaml) {
    var keys = yaml.keys("remove", Set.of("remove", "where"));
    var kind = Kinds.of(Change.must(keys, "remove", yaml));
    return (state, now) -> {
      var next = state;
      for (var thing : some(new Values(state, now), kind, keys.get("where"), yaml)) {
        next = next.without(kind, thing.key());
      }
      return next;
    };
  }

  private static <T extends Item> List<T> some(
      Values values, Class<T> kind, @Nullable Yaml where, Yaml from) {
    var things = values.chosen(kind, where);
    if (things.isEmpty()) {
      throw from.wrong("no " + kind.getSimpleName() + " of the cluster is so");
    }
    return things;
  }

  private static ClusterState replaced(
      ClusterState state, Class<? extends Item> kind, Item old, Item next) {
    var rest = old.key().equals(next.key()) ? state : state.without(kind, old.key());
    return rest.with(next);
  }

  /** Without the elements of its lists that are so. */
  private static Item dropped(
      Values values, @Nullable Yaml drop, Class<? extends Item> kind, Item thing) {
    if (drop == null) {
      return thing;
    }
    var fields = Fields.of(kind);
    var all = fields.values(thing);
    fields
        .in(drop)
        .forEach(
            (name, so) -> {
              if (!(all.get(name) instanceof List<?> list)) {
                throw so.wrong(name + " is no list");
              }
              all.put(name, without(list, one -> values.matches(so, fields.holds(name), one)));
            });
    return (Item) fields.made(all, drop);
  }

  private static List<Object> without(List<?> list, Predicate<Object> so) {
    var rest = new ArrayList<Object>(list);
    rest.removeIf(so);
    return rest;
  }
}
