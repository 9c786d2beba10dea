package io.eksnet.lab.cluster;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of the lab's cluster: items by class and key, in insertion order. Immutable; {@code
 * with}, {@code without} and {@code change} return another state.
 */
public record ClusterState(Map<Class<? extends Item>, Map<String, Item>> tables) {
  /** A state without items. */
  public static final ClusterState EMPTY = new ClusterState(Map.of());

  public ClusterState {
    tables = Map.copyOf(tables);
  }

  /** All items of a class. */
  public <T extends Item> List<T> all(Class<T> type) {
    return table(type).values().stream().map(type::cast).toList();
  }

  /** An item, if it exists. */
  public <T extends Item> Optional<T> find(Class<T> type, String key) {
    return Optional.ofNullable(table(type).get(key)).map(type::cast);
  }

  /**
   * An item that must exist.
   *
   * @throws IllegalArgumentException with the known keys if it does not
   */
  public <T extends Item> T get(Class<T> type, String key) {
    return find(type, key)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no " + type.getSimpleName() + " \"" + key + "\"; " + table(type).keySet()));
  }

  /** The one item of a class that has exactly one. */
  public <T extends Item> T only(Class<T> type) {
    var all = all(type);
    if (all.size() != 1) {
      throw new IllegalStateException(
          "there must be one " + type.getSimpleName() + ", not " + all.size());
    }
    return all.get(0);
  }

  /** Adds items; replaces those with the same class and key. */
  public ClusterState with(Item... items) {
    return with(List.of(items));
  }

  /** Adds items; replaces those with the same class and key. */
  public ClusterState with(Collection<? extends Item> items) {
    var next = new LinkedHashMap<>(tables);
    for (var item : items) {
      var table = new LinkedHashMap<>(next.getOrDefault(item.getClass(), Map.of()));
      table.put(item.key(), item);
      next.put(item.getClass(), table);
    }
    return new ClusterState(next);
  }

  /** Removes an item, if it exists. */
  public ClusterState without(Class<? extends Item> type, String key) {
    var table = new LinkedHashMap<>(table(type));
    table.remove(key);
    var next = new LinkedHashMap<>(tables);
    next.put(type, table);
    return new ClusterState(next);
  }

  /**
   * Applies changes that are written as in scenarios: {@code {set: Pod, where: {name: web-0}, to:
   * {ready: false}}}, or a list of them.
   *
   * @throws IllegalArgumentException with the line and the remedy
   */
  public ClusterState change(String yaml) {
    return StateChange.parse(
            YamlNode.parse("change", yaml),
            name -> {
              throw name.error("only scenarios can use \"like\"");
            })
        .apply(this, Instant.now());
  }

  private Map<String, Item> table(Class<? extends Item> type) {
    return tables.getOrDefault(type, Map.of());
  }
}
