package io.eksnet.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Nodes to values of settings. A value that cannot be bound is a problem and {@code null}, and the
 * work goes on behind it.
 */
final class Binder {
  private static final int MOST_VALUES = 1_000_000;
  private static final Set<Tag> TAGS = Set.of(Tag.STR, Tag.SEQ, Tag.MAP);

  private final Path directory;
  private final Problems problems;
  private final List<NamedFile> files = new ArrayList<>();
  private final IdentityHashMap<Key, Object> fallbacks = new IdentityHashMap<>();
  private int values;

  Binder(Path directory, Problems problems) {
    this.directory = directory;
    this.problems = problems;
  }

  /** Aliases unfold to more values than any config needs. */
  static final class TooMuch extends RuntimeException {
    TooMuch() {
      super(
          "the aliases (*) unfold to more than " + MOST_VALUES + " values; use fewer",
          null,
          false,
          false);
    }
  }

  Problems problems() {
    return problems;
  }

  List<NamedFile> files() {
    return files;
  }

  /** A record from a mapping with its keys and no others. */
  @Nullable Record group(Place place, Class<? extends Record> type) {
    var fields = fields(place);
    if (fields == null) {
      return null;
    }
    var keys = Key.of(type);
    fields.refuseUnknown(keys.stream().map(Key::name).toList(), problems);
    return record(fields, type, values(fields, keys));
  }

  /** The entries of a mapping; nothing written is an empty one. */
  @Nullable Fields fields(Place place) {
    if (place.node() instanceof MappingNode mapping && isTagFree(place)) {
      return Fields.of(mapping, place, problems);
    }
    if (isNothing(place.node())) {
      return Fields.of(YamlTree.empty(), place, problems);
    }
    return refuse(place, "must be a mapping of keys to values, not " + described(place.node()));
  }

  /** The values of {@code keys}, by name; one that could not be had is absent. */
  Map<String, Object> values(Fields fields, List<Key> keys) {
    var bound = new LinkedHashMap<String, Object>();
    for (var key : keys) {
      var value = value(fields, key);
      if (value != null) {
        bound.put(key.name(), value);
      }
    }
    return bound;
  }

  /** The value of one key, or its fallback. */
  @Nullable Object value(Fields fields, Key key) {
    var place = fields.value(key.name());
    if (place.isPresent()) {
      return bind(place.get(), key.shape(), key.setting());
    }
    if (key.setting().required()) {
      return refuse(fields.place(), "the key " + Quoted.of(key.name()) + " is missing");
    }
    return key.shape() instanceof Shape.Group && key.setting().fallback().isEmpty()
        ? bind(fields.place().key(key.name(), YamlTree.empty()), key.shape(), key.setting())
        : fallbacks.computeIfAbsent(key, Fallback::of);
  }

  /** The elements of a list, one by one; nothing written is an empty one. */
  @Nullable List<Place> elements(Place place) {
    if (isNothing(place.node())) {
      return List.of();
    }
    if (!(place.node() instanceof SequenceNode sequence) || !isTagFree(place)) {
      return refuse(place, "must be a list such as [a, b], not " + described(place.node()));
    }
    var elements = new ArrayList<Place>();
    for (var node : sequence.getValue()) {
      elements.add(place.element(elements.size(), node));
    }
    return elements;
  }

  @Nullable Object bind(Place place, Shape shape, Setting setting) {
    if (++values > MOST_VALUES) {
      throw new TooMuch();
    }
    if (shape instanceof Shape.Scalar scalar) {
      return scalar(place, scalar.type(), setting);
    }
    if (shape instanceof Shape.Sequence sequence) {
      return sequence(place, sequence, setting);
    }
    if (shape instanceof Shape.Table table) {
      return table(place, table, setting);
    }
    if (shape instanceof Shape.Maybe maybe) {
      return isNothing(place.node()) ? Optional.empty() : present(bind(place, maybe.of(), setting));
    }
    return group(place, ((Shape.Group) shape).type());
  }

  /** A record from its values; null if one of them could not be had. */
  @Nullable Record record(Fields fields, Class<? extends Record> type, Map<String, Object> bound) {
    if (bound.size() < Records.names(type).size()) {
      return null;
    }
    try {
      return Records.create(type, bound);
    } catch (IllegalArgumentException e) {
      return refuse(fields.placeOf(message(e)), message(e));
    }
  }

  /** Notes a problem; always null. */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  <T> @Nullable T refuse(Place place, String message) {
    problems.add(place, message);
    return null;
  }

  static String message(IllegalArgumentException e) {
    return String.valueOf(e.getMessage());
  }

  private @Nullable Object scalar(Place place, Class<?> type, Setting setting) {
    if (!(place.node() instanceof ScalarNode scalar)) {
      return refuse(
          place, "must be " + TypeWords.scalar(type) + ", not " + described(place.node()));
    }
    if (isNothing(scalar)) {
      return refuse(place, nothing(scalar, type));
    }
    if (!isTagFree(place)) {
      return null;
    }
    try {
      var value = Scalars.parse(scalar, type, setting, directory);
      if (value instanceof Path file) {
        files.add(new NamedFile(place.line(), place.column(), place.path(), file));
      }
      return value;
    } catch (IllegalArgumentException e) {
      return refuse(
          place,
          setting.secret() ? "is not as the reference says; the value is not shown" : message(e));
    }
  }

  private @Nullable Object sequence(Place place, Shape.Sequence shape, Setting setting) {
    var elements = elements(place);
    if (elements == null) {
      return null;
    }
    var bound = new LinkedHashMap<Object, Integer>();
    var list = new ArrayList<Object>();
    for (var element : elements) {
      var value = bind(element, shape.of(), setting);
      if (value == null) {
        continue;
      }
      list.add(value);
      var before = bound.putIfAbsent(value, element.line());
      if (before != null && shape.distinct()) {
        problems.add(element, "stands in line " + before + " already; remove one of the two");
      }
    }
    if (list.size() < elements.size()) {
      return null;
    }
    return shape.distinct()
        ? Collections.unmodifiableSet(new LinkedHashSet<>(list))
        : List.copyOf(list);
  }

  private @Nullable Object table(Place place, Shape.Table shape, Setting setting) {
    var fields = fields(place);
    if (fields == null) {
      return null;
    }
    var table = new LinkedHashMap<String, Object>();
    fields
        .values()
        .forEach(
            (key, value) -> {
              var element = bind(value, shape.of(), setting);
              if (element != null) {
                table.put(key, element);
              }
            });
    return table.size() < fields.values().size() ? null : Collections.unmodifiableMap(table);
  }

  private boolean isTagFree(Place place) {
    var tag = place.node().getTag();
    if (!TAGS.contains(tag)) {
      problems.add(
          place, "the tag " + Quoted.of(tag.getValue()) + " means nothing here; remove it");
      return false;
    }
    return true;
  }

  private static @Nullable Object present(@Nullable Object value) {
    return value == null ? null : Optional.of(value);
  }

  private static String nothing(ScalarNode node, Class<?> type) {
    var expected = "must be " + TypeWords.scalar(type);
    return node.getValue().isEmpty()
        ? expected + "; nothing is written here"
        : expected + ", not " + node.getValue() + "; put it in quotes if it is a word";
  }

  private static boolean isNothing(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && switch (scalar.getValue()) {
          case "", "~", "null", "Null", "NULL" -> true;
          default -> false;
        };
  }

  private static String described(Node node) {
    if (node instanceof ScalarNode scalar) {
      return Quoted.of(scalar.getValue());
    }
    return node instanceof SequenceNode ? "a list" : "a mapping";
  }
}
