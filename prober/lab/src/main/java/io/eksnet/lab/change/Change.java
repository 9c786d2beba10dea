package io.eksnet.lab.change;

import io.eksnet.lab.cluster.ClusterState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** A change of the cluster's state; {@code docs/scenarios.md} says how it is written. */
public interface Change {
  /** What the cluster is like after it. */
  ClusterState on(ClusterState state, Instant now);

  /** Changes one after another. */
  static Change all(List<Change> changes) {
    return (state, now) -> {
      var next = state;
      for (var change : changes) {
        next = change.on(next, now);
      }
      return next;
    };
  }

  /**
   * The change that is written; {@code like} finds what another scenario does, by its name.
   *
   * @throws IllegalArgumentException with the line and the remedy
   */
  static Change of(Yaml yaml, Function<Yaml, Change> like) {
    if (yaml.has("set")) {
      return Changes.set(yaml);
    } else if (yaml.has("add")) {
      return Changes.add(yaml);
    } else if (yaml.has("remove")) {
      return Changes.remove(yaml);
    }
    var keys = yaml.keys("a change", Set.of("set", "add", "remove", "like"));
    return like.apply(must(keys, "like", yaml));
  }

  /** The value of a key that must be there. */
  static Yaml must(Map<String, Yaml> keys, String key, Yaml of) {
    var value = keys.get(key);
    if (value == null) {
      throw of.wrong("\"" + key + "\" is missing");
    }
    return value;
  }
}
