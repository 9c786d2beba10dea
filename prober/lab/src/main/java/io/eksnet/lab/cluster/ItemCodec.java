package io.eksnet.lab.cluster;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.util.AccessPattern;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Converts items to JSON trees and back, and merges and compares such trees. */
final class ItemCodec {
  private static final String NOW = "now";

  /** All classes of items by their simple names. */
  static final Map<String, Class<? extends Item>> KINDS =
      new TreeMap<>(
          Stream.of(AwsResource.class, KubeResource.class, Behavior.class)
              .flatMap(group -> Stream.of(group.getPermittedSubclasses()))
              .<Class<? extends Item>>map(kind -> kind.asSubclass(Item.class))
              .collect(toMap(Class::getSimpleName, identity())));

  private static final JsonMapper JSON = mapper();

  private ItemCodec() {}

  private static JsonMapper mapper() {
    var builder =
        JsonMapper.builder()
            .addModule(
                new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(Duration.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantReader())
                    .addDeserializer(Duration.class, new DurationReader()))
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY);
    // A field that is not given is empty, 0, false or now.
    for (var type : List.of(String.class, List.class, Map.class, Instant.class, Duration.class)) {
      builder.withConfigOverride(
          type, config -> config.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)));
    }
    return builder.build();
  }

  /** The class of items with this name. */
  static Class<? extends Item> kind(YamlNode name) {
    var kind = KINDS.get(name.text());
    if (kind == null) {
      throw name.error(
          "unknown kind \""
              + name.text()
              + "\""
              + NearestName.suggest(name.text(), KINDS.keySet()));
    }
    return kind;
  }

  static JavaType type(Class<?> type) {
    return JSON.constructType(type);
  }

  /** The fields of a record with their types, in their order. */
  static Map<String, JavaType> fields(Class<?> type) {
    var fields = new LinkedHashMap<String, JavaType>();
    for (var component : type.getRecordComponents()) {
      fields.put(component.getName(), JSON.constructType(component.getGenericType()));
    }
    return fields;
  }

  static ObjectNode toTree(Item item) {
    return JSON.valueToTree(item);
  }

  /**
   * Reads an item.
   *
   * @param source where its values are written, for errors
   */
  static <T extends Item> T read(Class<T> kind, JsonNode tree, YamlNode source, Instant now) {
    try {
      return JSON.readerFor(kind).withAttribute(NOW, now).readValue(tree);
    } catch (JsonMappingException e) {
      var yaml = source;
      var value = tree;
      for (var step : e.getPath()) {
        boolean field = step.getFieldName() != null;
        yaml = field ? yaml.orField(step.getFieldName()) : yaml.orElement(step.getIndex());
        value = field ? value.path(step.getFieldName()) : value.path(step.getIndex());
      }
      throw yaml.error(explain(e, value));
    } catch (IOException e) {
      throw source.error(String.valueOf(e.getMessage()));
    }
  }

  private static String explain(JsonMappingException error, JsonNode value) {
    if (value.isArray() || value.isObject()) {
      if (error instanceof ValueInstantiationException && error.getCause() != null) {
        return String.valueOf(error.getCause().getMessage());
      }
      return "must be one value, not " + value.size();
    }
    if (!(error instanceof InvalidFormatException invalid)) {
      return error.getOriginalMessage();
    }
    var type = invalid.getTargetType();
    var quoted = "\"" + value.asText() + "\" ";
    if (type.isEnum()) {
      var names =
          Arrays.stream(type.getEnumConstants())
              .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
              .toList();
      return "unknown value " + quoted.strip() + NearestName.suggest(value.asText(), names);
    }
    if (type == boolean.class) {
      return quoted + "is not true or false";
    }
    return type == Instant.class || type == Duration.class
        ? quoted + error.getOriginalMessage()
        : quoted + "is not a whole number";
  }

  /** Applies a JSON Merge Patch (RFC 7396). */
  static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode fields)) {
      return patch;
    }
    var merged = target instanceof ObjectNode old ? old.deepCopy() : JSON.createObjectNode();
    for (var field : fields.properties()) {
      if (field.getValue().isNull()) {
        merged.remove(field.getKey());
      } else {
        merged.set(field.getKey(), merge(merged.path(field.getKey()), field.getValue()));
      }
    }
    return merged;
  }

  /**
   * Whether a value matches a pattern: all fields of an object match, one element of a list does,
   * and a list in the pattern means any of its elements.
   */
  static boolean matches(JsonNode pattern, JsonNode value) {
    if (pattern.isArray()) {
      return stream(pattern).anyMatch(alternative -> matches(alternative, value));
    }
    if (value.isArray()) {
      return stream(value).anyMatch(element -> matches(pattern, element));
    }
    if (pattern instanceof ObjectNode fields) {
      return fields.properties().stream()
          .allMatch(
              field ->
                  value.has(field.getKey())
                      && matches(field.getValue(), value.path(field.getKey())));
    }
    return value.isValueNode() && pattern.asText().equals(value.asText());
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return array.valueStream();
  }

  private static final class InstantReader extends StdScalarDeserializer<Instant> {
    InstantReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return required(
          TimeParser.parseInstant(parser.getText(), now(context)),
          parser.getText(),
          this,
          context,
          "is not a time; write now, now-5m or 2026-01-31T12:00:00Z");
    }

    @Override
    public Object getEmptyValue(DeserializationContext context) {
      return now(context);
    }

    @Override
    public AccessPattern getEmptyAccessPattern() {
      return AccessPattern.DYNAMIC;
    }

    private static Instant now(DeserializationContext context) {
      return (Instant) context.getAttribute(NOW);
    }
  }

  private static final class DurationReader extends StdScalarDeserializer<Duration> {
    DurationReader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      var text = parser.getText();
      return text.startsWith("P")
          ? Duration.parse(text)
          : required(
              TimeParser.parseDuration(text),
              text,
              this,
              context,
              "is not a duration; add a unit, such as 30s or 5m");
    }

    @Override
    public Object getEmptyValue(DeserializationContext context) {
      return Duration.ZERO;
    }
  }

  private static <T> T required(
      Optional<T> value,
      String text,
      StdScalarDeserializer<T> reader,
      DeserializationContext context,
      String rule)
      throws JsonProcessingException {
    if (value.isEmpty()) {
      throw InvalidFormatException.from(context.getParser(), rule, text, reader.handledType());
    }
    return value.get();
  }
}
