package io.eksnet.lab.cluster;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Everything that is true of the lab's cluster at one moment: things by class and key, in the order
 * they came. Immutable; each {@code with}, {@code without} and {@code change} gives another state.
 */
public record ClusterState(Map<Class<? extends Item>, Map<String, Item>> tables) {
  /** Nothing at all. */
  public static final ClusterState EMPTY = new ClusterState(Map.of());

  public ClusterState {
    tables = Map.copyOf(tables);
  }

  /** All things of a class. */
  public <T extends Item> List<T> all(Class<T> type) {
    return table(type).values().stream().map(type::cast).toList();
  }

  /** One thing, if it is there. */
  public <T extends Item> Optional<T> find(Class<T> type, String key) {
    return Optional.ofNullable(table(type).get(key)).map(type::cast);
  }

  /** One thing that must be there. */
  public <T extends Item> T get(Class<T> type, String key) {
    return find(type, key)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no " + type.getSimpleName() + " \"" + key + "\"; " + table(type).keySet()));
  }

  /** The one thing of a class that has only one. */
  public <T extends Item> T only(Class<T> type) {
    var all = all(type);
    if (all.size() != 1) {
      throw new IllegalStateException(
          "there must be one " + type.getSimpleName() + ", not " + all.size());
    }
    return all.get(0);
  }

  /** Adds things, in place of those with the same class and key. */
  public ClusterState with(Item... items) {
    return with(List.of(items));
  }

  /** Adds things, in place of those with the same class and key. */
  public ClusterState with(Collection<? extends Item> items) {
    var next = new LinkedHashMap<>(tables);
    for (var item : items) {
      var table = new LinkedHashMap<>(next.getOrDefault(item.getClass(), Map.of()));
      table.put(item.key(), item);
      next.put(item.getClass(), table);
    }
    return new ClusterState(next);
  }

  /** Takes one thing away, if it is there. */
  public ClusterState without(Class<? extends Item> type, String key) {
    var table = new LinkedHashMap<>(table(type));
    table.remove(key);
    var next = new LinkedHashMap<>(tables);
    next.put(type, table);
    return new ClusterState(next);
  }

  /** Takes all things of a class away. */
  public ClusterState without(Class<? extends Item> type) {
    var next = new LinkedHashMap<>(tables);
    next.remove(type);
    return new ClusterState(next);
  }

  /** Changes one thing that must be there. */
  public <T extends Item> ClusterState change(
      Class<T> type, String key, UnaryOperator<T> operator) {
    return with(operator.apply(get(type, key)));
  }

  /** Changes all things of a class. */
  public <T extends Item> ClusterState change(Class<T> type, UnaryOperator<T> operator) {
    return with(all(type).stream().map(operator).toList());
  }

  private Map<String, Item> table(Class<? extends Item> type) {
    return tables.getOrDefault(type, Map.of());
  }
}
