package io.eksnet.lab.change;

import io.eksnet.lab.cluster.Cidr;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Item;
import io.eksnet.lab.cluster.Subnet;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What YAML says as values of the cluster's records, at one moment of its state. */
record Values(ClusterState state, Instant now) {
  /** The things of a kind that are so; all of them where nothing is said. */
  <T extends Item> List<T> chosen(Class<T> kind, @Nullable Yaml where) {
    return state.all(kind).stream()
        .filter(thing -> where == null || matches(where, kind, thing))
        .toList();
  }

  /** Whether a value is so: all keys of a mapping must be, one element of a list. */
  boolean matches(Yaml so, Type type, Object value) {
    if (value instanceof Record) {
      var fields = Fields.of((Class<?>) type);
      return fields.in(so).entrySet().stream()
          .allMatch(
              e -> matches(e.getValue(), fields.type(e.getKey()), fields.get(e.getKey(), value)));
    }
    if (value instanceof Map<?, ?> map) {
      return so.mapping().entrySet().stream()
          .allMatch(
              e ->
                  map.containsKey(e.getKey())
                      && same(e.getValue(), held(type), map.get(e.getKey())));
    }
    if (value instanceof Collection<?> list) {
      return list.stream().anyMatch(element -> matches(so, held(type), element));
    }
    return same(so, type, value);
  }

  private boolean same(Yaml so, Type type, @Nullable Object value) {
    return all(so, type).anyMatch(one -> one.equals(value));
  }

  /** A value; mappings are merged into the old one, a {@code null} in them takes its key away. */
  Object value(Yaml yaml, Type type, @Nullable Object old) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == List.class
          ? all(yaml, held(type)).toList()
          : map(yaml, held(type), old == null ? Map.of() : (Map<?, ?>) old);
    }
    if (((Class<?>) type).isRecord()) {
      return record(yaml, (Class<?>) type, old);
    }
    var values = all(yaml, type).toList();
    if (yaml.isList() || values.size() != 1) {
      throw yaml.wrong("must be one value, not " + values.size());
    }
    return values.get(0);
  }

  private Object record(Yaml yaml, Class<?> type, @Nullable Object old) {
    var fields = Fields.of(type);
    var said = fields.in(yaml);
    var values = new LinkedHashMap<String, Object>();
    fields
        .types()
        .forEach(
            (name, of) -> {
              @Nullable Object before = old == null ? null : fields.get(name, old);
              var next = said.get(name);
              values.put(
                  name,
                  next != null
                      ? value(next, of, before)
                      : before != null ? before : blank(name, of, yaml));
            });
    return fields.made(values, yaml);
  }

  private Map<String, Object> map(Yaml yaml, Type type, Map<?, ?> old) {
    var next = new LinkedHashMap<String, Object>();
    old.forEach((key, value) -> next.put((String) key, value));
    yaml.mapping()
        .forEach(
            (key, value) -> {
              if (value.isNull()) {
                next.remove(key);
              } else {
                next.put(key, value(value, type, null));
              }
            });
    return next;
  }

  /** The values that are meant: of a list all, and all that a reference leads to. */
  private Stream<Object> all(Yaml yaml, Type type) {
    if (yaml.isList()) {
      return yaml.list().stream().flatMap(part -> all(part, type));
    }
    if (yaml.has("of")) {
      return referred(yaml);
    }
    if (yaml.has("within")) {
      return addresses(yaml);
    }
    return Stream.of(
        type instanceof Class<?> plain && !plain.isRecord()
            ? Scalars.value(yaml, boxed(plain), now)
            : value(yaml, type, null));
  }

  /** {@code {of: Pod, where: {name: web-0}, field: ip}}: a field of other things. */
  private Stream<Object> referred(Yaml yaml) {
    var keys = yaml.keys("a reference", Set.of("of", "where", "field"));
    var kind = Kinds.of(keys.getOrDefault("of", yaml));
    var field = Fields.of(kind).named(Change.must(keys, "field", yaml));
    var things = chosen(kind, keys.get("where"));
    if (things.isEmpty()) {
      throw yaml.wrong("no " + kind.getSimpleName() + " is so");
    }
    return things.stream()
        .map(thing -> Fields.of(kind).get(field, thing))
        .flatMap(value -> value instanceof List<?> list ? list.stream() : Stream.of(value));
  }

  /** {@code {within: Subnet, where: …, number: 7, every: 16}}: addresses of a subnet. */
  private Stream<Object> addresses(Yaml yaml) {
    var keys = yaml.keys("addresses", Set.of("within", "where", "number", "every"));
    if (!keys.getOrDefault("within", yaml).text().equals("Subnet")) {
      throw yaml.wrong("addresses are within: Subnet");
    }
    var number = (long) Scalars.value(Change.must(keys, "number", yaml), long.class, now);
    var every = keys.get("every");
    return chosen(Subnet.class, keys.get("where")).stream()
        .map(subnet -> Cidr.of(subnet.cidr()))
        .flatMap(
            range ->
                every == null
                    ? Stream.of(range.first() + number)
                    : LongStream.iterate(
                            number,
                            at -> at < 1L << (32 - range.length()),
                            at -> at + Math.max(1, (long) Scalars.value(every, long.class, now)))
                        .mapToObj(at -> range.first() + at))
        .map(Values::dotted);
  }

  private static String dotted(long address) {
    return "%d.%d.%d.%d"
        .formatted(address >> 24, (address >> 16) & 255, (address >> 8) & 255, address & 255);
  }

  private Object blank(String name, Type type, Yaml from) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == List.class ? List.of() : Map.of();
    }
    var plain = (Class<?>) type;
    if (plain == String.class) {
      return "";
    } else if (plain == boolean.class) {
      return false;
    } else if (plain == int.class) {
      return 0;
    } else if (plain == long.class) {
      return 0L;
    } else if (plain == Instant.class) {
      return now;
    } else if (plain == Duration.class) {
      return Duration.ZERO;
    }
    throw from.wrong("say its " + name + ", or copy a thing that has one");
  }

  /** What a list or a mapping holds. */
  static Type held(Type container) {
    var holds = ((ParameterizedType) container).getActualTypeArguments();
    return holds[holds.length - 1];
  }

  private static Class<?> boxed(Class<?> type) {
    return type == Long.class ? long.class : type == Integer.class ? int.class : type;
  }
}
