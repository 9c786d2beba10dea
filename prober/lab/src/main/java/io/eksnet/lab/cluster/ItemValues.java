package io.eksnet.lab.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Resolves the values of a change, and its references to other items, against a state. */
record ItemValues(ClusterState state) {
  /** The items of a kind that match; all of them without a pattern. */
  <T extends Item> List<T> select(Class<T> kind, @Nullable YamlNode where) {
    var all = state.all(kind);
    if (where == null) {
      return all;
    }
    var pattern = resolve(where, ItemCodec.type(kind));
    return all.stream().filter(item -> ItemCodec.matches(pattern, ItemCodec.toTree(item))).toList();
  }

  /** The items of a kind that match, at least one. */
  <T extends Item> List<T> selectSome(Class<T> kind, @Nullable YamlNode where, YamlNode source) {
    var items = select(kind, where);
    if (items.isEmpty()) {
      throw source.error("no " + kind.getSimpleName() + " matches");
    }
    return items;
  }

  /** The JSON of a value of this type, with strict field names. Scalars stay text. */
  JsonNode resolve(YamlNode yaml, JavaType type) {
    if (yaml.isNull()) {
      return NullNode.instance;
    }
    var element = type.isCollectionLikeType() ? type.getContentType() : type;
    if (yaml.isList()) {
      return array(yaml.list().stream().map(part -> resolve(part, element)));
    }
    if (!yaml.isMapping()) {
      return TextNode.valueOf(yaml.text());
    }
    var object = JsonNodeFactory.instance.objectNode();
    if (element.isMapLikeType()) {
      yaml.entries()
          .forEach((key, value) -> object.set(key, resolve(value, element.getContentType())));
      return object;
    }
    if (yaml.has("of")) {
      return simplify(fieldOf(yaml));
    }
    if (yaml.has("within")) {
      return simplify(addresses(yaml));
    }
    var record = element.getRawClass();
    if (!record.isRecord()) {
      throw yaml.error("must be a single value");
    }
    var types = ItemCodec.fields(record);
    yaml.fields(record.getSimpleName(), types.keySet())
        .forEach((key, value) -> object.set(key, resolve(value, requireNonNull(types.get(key)))));
    return object;
  }

  /** {@code {of: Pod, where: {name: web-0}, field: ip}}: a field of other items. */
  private Stream<JsonNode> fieldOf(YamlNode yaml) {
    var fields = yaml.fields("a reference", Set.of("of", "where", "field"));
    var kind = ItemCodec.kind(yaml.required(fields, "of"));
    var field = yaml.required(fields, "field");
    var known = ItemCodec.fields(kind).keySet();
    if (!known.contains(field.text())) {
      throw field.error(
          "unknown field \""
              + field.text()
              + "\" of "
              + kind.getSimpleName()
              + NearestName.suggest(field.text(), known));
    }
    return selectSome(kind, fields.get("where"), yaml).stream()
        .map(item -> ItemCodec.toTree(item).path(field.text()));
  }

  /** {@code {within: Subnet, where: …, number: 7, every: 16}}: addresses of a subnet. */
  private Stream<JsonNode> addresses(YamlNode yaml) {
    var fields = yaml.fields("addresses", Set.of("within", "where", "number", "every"));
    if (!yaml.required(fields, "within").text().equals("Subnet")) {
      throw yaml.error("\"within\" must be Subnet");
    }
    long number = number(yaml.required(fields, "number"));
    var every = fields.get("every");
    long step = every == null ? Long.MAX_VALUE / 2 : Math.max(1, number(every));
    return selectSome(AwsResource.Subnet.class, fields.get("where"), yaml).stream()
        .map(subnet -> Ipv4Range.parse(subnet.cidr()))
        .flatMap(
            cidr ->
                LongStream.iterate(number, i -> i < cidr.size(), i -> i + step)
                    .mapToObj(cidr::address))
        .map(TextNode::valueOf);
  }

  private static long number(YamlNode yaml) {
    try {
      return Long.parseLong(yaml.text());
    } catch (NumberFormatException e) {
      throw yaml.error("\"" + yaml.text() + "\" is not a whole number");
    }
  }

  /** A list of values; lists among them are flattened. */
  private static JsonNode array(Stream<JsonNode> values) {
    var array = JsonNodeFactory.instance.arrayNode();
    values
        .flatMap(value -> value.isArray() ? value.valueStream() : Stream.of(value))
        .forEach(array::add);
    return array;
  }

  /** A list of one is its element. */
  private static JsonNode simplify(Stream<JsonNode> values) {
    var array = array(values);
    return array.size() == 1 ? array.path(0) : array;
  }
}
