package io.eksnet.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Binds YAML to settings records. A value that cannot be bound is reported as a problem and is
 * {@code null}; the rest is bound nevertheless, so that all problems are found at once.
 */
final class Binder {
  private static final int MAX_VALUES = 1_000_000;
  private static final int MAX_PROBLEMS = 100;
  private static final Set<Tag> TAGS = Set.of(Tag.STR, Tag.SEQ, Tag.MAP);

  private final UnaryOperator<String> expand;
  private final List<Problem> problems = new ArrayList<>();
  private final List<FileReference> files = new ArrayList<>();
  private final IdentityHashMap<SettingKey, Object> fallbacks = new IdentityHashMap<>();
  private final Map<Class<? extends Record>, RecordReader> readers = new HashMap<>();
  private int unlistedProblems;
  private int values;

  /** Without references to environment variables. */
  Binder() {
    this(UnaryOperator.identity());
  }

  /**
   * @param expand the value that a text of the file stands for
   */
  Binder(UnaryOperator<String> expand) {
    this.expand = expand;
  }

  /** Aliases that refer to each other expand to a number of values that is not bounded by size. */
  static final class TooManyValuesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyValuesException() {
      super(
          "the aliases (*) expand to more than " + MAX_VALUES + " values; use fewer",
          null,
          false,
          false);
    }
  }

  /** Reads records whose keys depend on their values. */
  @FunctionalInterface
  interface RecordReader {
    /** The record; null, and problems, if it is invalid. */
    @Nullable Record read(ConfigNode node);
  }

  /** Binds records of this type with {@code reader}. */
  void readWith(Class<? extends Record> type, RecordReader reader) {
    readers.put(type, reader);
  }

  /** The files that the bound values name. */
  List<FileReference> files() {
    return files;
  }

  boolean hasProblems() {
    return !problems.isEmpty();
  }

  /** In the order of the files: the first ones found, and the number of the others. */
  List<Problem> problems() {
    var sorted = new ArrayList<>(problems);
    sorted.sort((a, b) -> a.location().compareTo(b.location()));
    if (unlistedProblems > 0) {
      var last = sorted.get(sorted.size() - 1).location();
      var end = new Location(last.file(), last.line(), last.column(), "");
      sorted.add(new Problem(end, "and " + unlistedProblems + " more problems"));
    }
    return List.copyOf(sorted);
  }

  /** Reports a problem; returns null. */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  <T> @Nullable T report(Problem problem) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(problem);
    } else {
      unlistedProblems++;
    }
    return null;
  }

  /** Reports a problem at a node; returns null. */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  <T> @Nullable T report(ConfigNode node, String message) {
    return report(new Problem(node.location(), message));
  }

  /** Reports what a constructor or a check refused, at the key that it names; returns null. */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  <T> @Nullable T report(YamlMapping mapping, IllegalArgumentException refused) {
    return report(
        refused instanceof InvalidSettingException invalid
            ? new Problem(mapping.locationOf(invalid.key()), invalid.problem())
            : new Problem(mapping.node().location(), message(refused)));
  }

  /** A settings record from a mapping that has its keys and no others. */
  @Nullable Record group(ConfigNode node, Class<? extends Record> type) {
    if (type.isAnnotationPresent(Shorthand.class)
        && node.yaml() instanceof ScalarNode
        && !node.isNull()) {
      return shorthand(node, type);
    }
    var mapping = mapping(node);
    if (mapping == null) {
      return null;
    }
    var keys = SettingKey.of(type);
    mapping.unknownKeys(SettingKey.names(keys)).forEach(this::report);
    return record(mapping, type, values(mapping, keys));
  }

  private @Nullable Record shorthand(ConfigNode node, Class<? extends Record> type) {
    var keys = SettingKey.of(type);
    var first = keys.get(0);
    var mapping = mapping(node, YamlParser.emptyMapping());
    var values = values(mapping, keys.subList(1, keys.size()));
    var value = bind(node, first.type(), first.setting());
    if (value != null) {
      values.put(first.name(), value);
    }
    return record(mapping, type, values);
  }

  /** The entries of a mapping; none if no value is written. */
  @Nullable YamlMapping mapping(ConfigNode node) {
    if (node.yaml() instanceof MappingNode yaml && hasNoTag(node)) {
      return mapping(node, yaml);
    }
    if (node.isNull()) {
      return mapping(node, YamlParser.emptyMapping());
    }
    return report(node, node.describe() + " is not a mapping; write keys with values here");
  }

  /** The values of {@code keys} by name, without those that cannot be bound. */
  Map<String, Object> values(YamlMapping mapping, List<SettingKey> keys) {
    var bound = new LinkedHashMap<String, Object>();
    for (var key : keys) {
      var value = value(mapping, key);
      if (value != null) {
        bound.put(key.name(), value);
      }
    }
    return bound;
  }

  /** The value of one key, or its default. */
  @Nullable Object value(YamlMapping mapping, SettingKey key) {
    var node = mapping.value(key.name());
    if (node.isPresent()) {
      return bind(node.get(), key.type(), key.setting());
    }
    if (key.setting().required()) {
      return report(
          mapping.node(),
          "the required key " + ErrorText.quote(key.name()) + " is missing; add it");
    }
    return key.type() instanceof SettingType.Group && key.fallback().isEmpty()
        ? bind(
            mapping.node().child(key.name(), YamlParser.emptyMapping()), key.type(), key.setting())
        : fallbacks.computeIfAbsent(key, this::fallback);
  }

  /** The elements of a list; none if no value is written. */
  @Nullable List<ConfigNode> elements(ConfigNode node) {
    if (node.isNull()) {
      return List.of();
    }
    if (!(node.yaml() instanceof SequenceNode sequence)) {
      return report(node, node.describe() + " is not a list; write it as [a, b]");
    }
    if (!hasNoTag(node)) {
      return null;
    }
    var elements = new ArrayList<ConfigNode>();
    for (var element : sequence.getValue()) {
      elements.add(node.element(elements.size(), element));
    }
    return elements;
  }

  @Nullable Object bind(ConfigNode node, SettingType type, Setting setting) {
    if (++values > MAX_VALUES) {
      throw new TooManyValuesException();
    }
    if (type instanceof SettingType.Scalar scalar) {
      return scalar(node, scalar.type(), setting);
    }
    if (type instanceof SettingType.Sequence sequence) {
      return sequence(node, sequence, setting);
    }
    if (type instanceof SettingType.Table table) {
      return table(node, table, setting);
    }
    if (type instanceof SettingType.OptionalValue optional) {
      if (node.isNull()) {
        return Optional.empty();
      }
      var value = bind(node, optional.value(), setting);
      return value == null ? null : Optional.of(value);
    }
    var group = ((SettingType.Group) type).type();
    var reader = readers.get(group);
    return reader == null ? group(node, group) : reader.read(node);
  }

  /** A settings record from its values; null if one of them could not be bound. */
  @Nullable Record record(
      YamlMapping mapping, Class<? extends Record> type, Map<String, Object> bound) {
    if (!bound.keySet().containsAll(SettingKey.names(SettingKey.of(type)))) {
      return null;
    }
    try {
      return RecordFactory.create(type, bound);
    } catch (IllegalArgumentException e) {
      return report(mapping, e);
    }
  }

  static String message(IllegalArgumentException e) {
    return String.valueOf(e.getMessage());
  }

  private YamlMapping mapping(ConfigNode node, MappingNode yaml) {
    var mapping = new YamlMapping(node, yaml);
    mapping.problems().forEach(this::report);
    return mapping;
  }

  private @Nullable Object scalar(ConfigNode node, Class<?> type, Setting setting) {
    if (!(node.yaml() instanceof ScalarNode scalar)) {
      return report(
          node, node.describe() + " is not " + ScalarType.name(type) + "; write a single value");
    }
    if (node.isNull()) {
      return report(node, missing(scalar.getValue(), type));
    }
    if (!hasNoTag(node)) {
      return null;
    }
    try {
      var value =
          ScalarType.parse(
              expand.apply(scalar.getValue()),
              !scalar.isPlain(),
              type,
              setting,
              node.source().directory());
      if (value instanceof Path file) {
        files.add(new FileReference(node.location(), file));
      }
      return value;
    } catch (IllegalArgumentException e) {
      return report(
          node,
          setting.secret()
              ? "invalid value, not shown as it is secret; see the reference"
              : message(e));
    }
  }

  private static String missing(String written, Class<?> type) {
    var expected = ScalarType.name(type);
    return written.isEmpty()
        ? "no value; write " + expected + " or remove the key"
        : written + " is not " + expected + "; put it in quotes if it is text";
  }

  private @Nullable Object sequence(ConfigNode node, SettingType.Sequence type, Setting setting) {
    var elements = elements(node);
    if (elements == null) {
      return null;
    }
    var lines = new LinkedHashMap<Object, Integer>();
    var list = new ArrayList<Object>();
    for (var element : elements) {
      var value = bind(element, type.element(), setting);
      if (value == null) {
        continue;
      }
      list.add(value);
      var first = lines.putIfAbsent(value, element.location().line());
      if (first != null && type.distinct()) {
        report(
            element,
            element.describe() + " is in the list already, in line " + first + "; remove one");
      }
    }
    if (list.size() < elements.size()) {
      return null;
    }
    return type.distinct()
        ? Collections.unmodifiableSet(new LinkedHashSet<>(list))
        : List.copyOf(list);
  }

  private @Nullable Object table(ConfigNode node, SettingType.Table type, Setting setting) {
    var mapping = mapping(node);
    if (mapping == null) {
      return null;
    }
    var table = new LinkedHashMap<String, Object>();
    mapping
        .values()
        .forEach(
            (key, value) -> {
              var bound = bind(value, type.value(), setting);
              if (bound != null) {
                table.put(key, bound);
              }
            });
    return table.size() < mapping.values().size() ? null : Collections.unmodifiableMap(table);
  }

  /** The default that the setting declares, else an empty value of its type. */
  private Object fallback(SettingKey key) {
    if (key.fallback().isEmpty()) {
      return emptyValue(key);
    }
    try {
      var source = new ConfigSource("default of " + key.name(), key.fallback(), Path.of(""));
      var binder = new Binder();
      var value = binder.bind(YamlParser.parse(source), key.type(), key.setting());
      if (value != null && !binder.hasProblems()) {
        return value;
      }
      throw new IllegalStateException(key.components() + ": " + binder.problems());
    } catch (InvalidConfigException e) {
      throw new IllegalStateException(key.components() + ": " + e.getMessage(), e);
    }
  }

  private static Object emptyValue(SettingKey key) {
    var type = key.type();
    if (type instanceof SettingType.Sequence sequence) {
      return sequence.distinct() ? Set.of() : List.of();
    } else if (type instanceof SettingType.Table) {
      return Map.of();
    } else if (type instanceof SettingType.OptionalValue) {
      return Optional.empty();
    } else if (type.equals(new SettingType.Scalar(String.class))) {
      return "";
    }
    throw new IllegalStateException(key.components() + " needs a fallback");
  }

  private boolean hasNoTag(ConfigNode node) {
    var tag = node.yaml().getTag();
    if (TAGS.contains(tag)) {
      return true;
    }
    report(node, "the tag " + ErrorText.quote(tag.getValue()) + " has no meaning here; remove it");
    return false;
  }
}
