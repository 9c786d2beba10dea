package io.eksnet.controller.web;

import static java.util.stream.Collectors.toUnmodifiableMap;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.eksnet.model.JsonName;
import io.eksnet.model.Labelled;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Model records as JSON, by Jackson: names in snake case or by {@link JsonName}, times as in RFC
 * 3339, durations in seconds, enums by their labels, absent Optionals left out.
 *
 * <p>Nothing is coerced: a text is no number, 1.5 no whole number, {@code null} no value. Reading
 * is strict (every component is there and nothing is unknown) or, for what other versions wrote,
 * tolerant: unknown names are ignored and a missing collection is empty.
 */
final class ModelJson {
  private static final int MAX_MESSAGE = 200;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Between these, a duration to any moment of today has a number of nanoseconds. */
  private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  private static final ObjectMapper STRICT = mapper(true);
  private static final ObjectMapper TOLERANT = mapper(false);

  private ModelJson() {}

  /** A record as an object. */
  static JsonObject object(Record value) {
    return new JsonObject(
        STRICT.convertValue(value, new TypeReference<LinkedHashMap<String, Object>>() {}));
  }

  /** A value as a tree. */
  static JsonNode tree(Object value) {
    return STRICT.valueToTree(value);
  }

  /** Writes a value without a tree or a text of it in memory. */
  static void write(Object value, OutputStream out) throws IOException {
    STRICT.writeValue(out, value);
  }

  /** A value as maps and lists of at most {@code max} list elements in all. */
  static Truncated truncated(Object value, int max) {
    var tree = tree(value);
    var left = truncate(tree, max);
    return new Truncated(STRICT.convertValue(tree, Object.class), left < 0);
  }

  /**
   * A value as maps and lists.
   *
   * @param truncated whether elements were left out
   */
  record Truncated(Object json, boolean truncated) {}

  /** How many elements may follow; negative: some were left out. */
  private static int truncate(JsonNode node, int max) {
    var left = max;
    if (node instanceof ArrayNode array) {
      var kept = new ArrayList<JsonNode>();
      for (var element : array) {
        if (left <= 0) {
          left = -1;
          break;
        }
        left = truncate(element, left - 1);
        kept.add(element);
      }
      array.removeAll().addAll(kept);
      return left;
    }
    for (var child : node) {
      left = truncate(child, left);
    }
    return left;
  }

  /**
   * The record that {@code json} holds, with every component and nothing else.
   *
   * @throws IllegalArgumentException that names the place and what is wrong with it
   */
  static <T> T readStrictly(Class<T> type, JsonNode json) {
    return read(type, () -> STRICT.treeToValue(json, type));
  }

  /**
   * The record that {@code json}, written by any version, holds.
   *
   * @throws IllegalArgumentException that names the place and what is wrong with it
   */
  static <T> T readTolerantly(Class<T> type, JsonNode json) {
    return read(type, () -> TOLERANT.treeToValue(json, type));
  }

  /**
   * The record that {@code text}, written by any version, holds.
   *
   * @throws IllegalArgumentException that names the place and what is wrong with it
   */
  static <T> T readTolerantly(Class<T> type, String text) {
    return read(type, () -> TOLERANT.readValue(text, type));
  }

  /**
   * The same from a stream, which it closes.
   *
   * @throws IllegalArgumentException that names the place and what is wrong with it
   */
  static <T> T readTolerantly(Class<T> type, InputStream json) throws IOException {
    try {
      return TOLERANT.readValue(json, type);
    } catch (JsonProcessingException e) {
      return read(
          type,
          () -> {
            throw e;
          });
    }
  }

  /**
   * The one object in {@code text}, whose keys are unique.
   *
   * @throws IllegalArgumentException with the line and column where it is not JSON
   */
  static JsonNode parse(String text) {
    try {
      var tree = STRICT.readTree(text);
      if (!tree.isObject()) {
        throw new IllegalArgumentException("this is not one JSON object");
      }
      return tree;
    } catch (MismatchedInputException e) { // something follows the object
      throw new IllegalArgumentException("this is not one JSON object", e);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      var where = at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new IllegalArgumentException(
          "this is no JSON: " + shortened(String.valueOf(e.getOriginalMessage())) + where, e);
    }
  }

  /**
   * A time between 1900 and 2200.
   *
   * @throws DateTimeException if it is none
   */
  static Instant instant(String text) {
    var instant = Instant.parse(text);
    if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
      throw new DateTimeException(instant + " is not between 1900 and 2200");
    }
    return instant;
  }

  private interface Reading<T> {
    T read() throws JsonProcessingException;
  }

  private static <T> T read(Class<T> type, Reading<T> reading) {
    try {
      return reading.read();
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(
          place(type, e.getPath()) + ": " + shortened(String.valueOf(problem(e))), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          type.getSimpleName() + ": " + shortened(String.valueOf(e.getOriginalMessage())), e);
    }
  }

  private static String place(Class<?> type, List<JsonMappingException.Reference> path) {
    var place = new StringBuilder(type.getSimpleName());
    for (var step : path) {
      var name = step.getFieldName();
      place.append(name == null ? "[" + step.getIndex() + "]" : "." + shortened(name));
    }
    return place.toString();
  }

  /** Records say themselves what is wrong with their values. */
  private static @Nullable String problem(JsonMappingException e) {
    return e instanceof ValueInstantiationException && e.getCause() != null
        ? e.getCause().getMessage()
        : e.getOriginalMessage();
  }

  private static String shortened(String text) {
    var plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > MAX_MESSAGE ? plain.substring(0, MAX_MESSAGE) + "…" : plain;
  }

  private static ObjectMapper mapper(boolean strict) {
    var builder =
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .annotationIntrospector(new ModelIntrospector(strict))
            .addModule(new Jdk8Module())
            .addModule(module())
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, strict)
            .withCoercionConfig(
                LogicalType.Textual,
                coercion -> {
                  for (var shape :
                      List.of(
                          CoercionInputShape.Integer,
                          CoercionInputShape.Float,
                          CoercionInputShape.Boolean)) {
                    coercion.setCoercion(shape, CoercionAction.Fail);
                  }
                })
            .addMixIn(SeriesKey.class, TypeProperty.class);
    for (var type : SeriesKey.class.getPermittedSubclasses()) {
      builder.registerSubtypes(new NamedType(type, type.getAnnotation(JsonName.class).value()));
    }
    if (!strict) {
      for (var type : List.<Class<?>>of(List.class, Set.class, Map.class)) {
        builder.withConfigOverride(
            type, o -> o.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)));
      }
    }
    return builder.build();
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface TypeProperty {}

  /** Only components of model records are properties; other methods are not. */
  private static final class ModelIntrospector extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;
    private final boolean strict;

    ModelIntrospector(boolean strict) {
      this.strict = strict;
    }

    @Override
    public @Nullable PropertyName findNameForSerialization(Annotated a) {
      return name(a);
    }

    @Override
    public @Nullable PropertyName findNameForDeserialization(Annotated a) {
      return name(a);
    }

    @Override
    public boolean hasIgnoreMarker(AnnotatedMember member) {
      var type = member.getDeclaringClass();
      return member instanceof AnnotatedMethod
          && type.isRecord()
          && Stream.of(type.getRecordComponents())
              .noneMatch(component -> component.getAccessor().equals(member.getMember()));
    }

    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      return member.getRawType() != Optional.class
          && (strict
              || !(Collection.class.isAssignableFrom(member.getRawType())
                  || Map.class.isAssignableFrom(member.getRawType())));
    }

    @Override
    public String[] findEnumValues(
        MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
      return Arrays.stream(constants)
          .map(
              constant ->
                  constant instanceof Labelled labelled
                      ? labelled.label()
                      : constant.name().toLowerCase(Locale.ROOT))
          .toArray(String[]::new);
    }

    private @Nullable PropertyName name(Annotated a) {
      var named = a instanceof AnnotatedMember ? a.getAnnotation(JsonName.class) : null;
      return named == null ? null : PropertyName.construct(named.value());
    }
  }

  private static SimpleModule module() {
    return new SimpleModule()
        .addSerializer(
            new StdSerializer<>(Duration.class) {
              @Override
              public void serialize(Duration value, JsonGenerator json, SerializerProvider context)
                  throws IOException {
                json.writeNumber(value.toNanos() / NANOS_PER_SECOND);
              }
            })
        .addSerializer(
            new StdSerializer<>(Instant.class) {
              @Override
              public void serialize(Instant value, JsonGenerator json, SerializerProvider context)
                  throws IOException {
                json.writeString(value.toString());
              }
            })
        .addSerializer(
            new StdSerializer<>(Inventory.class) {
              @Override
              public void serialize(Inventory value, JsonGenerator json, SerializerProvider context)
                  throws IOException {
                json.writeStartObject();
                for (var resource : value.resources()) {
                  json.writeObjectField(resource.name(), value.snapshot(resource));
                }
                json.writeEndObject();
              }
            })
        .addDeserializer(Duration.class, new DurationDeserializer())
        .addDeserializer(Instant.class, new InstantDeserializer())
        .addDeserializer(Inventory.class, new InventoryDeserializer());
  }

  private static final class DurationDeserializer extends StdDeserializer<Duration> {
    private static final long serialVersionUID = 1;

    DurationDeserializer() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      if (json.currentToken().isNumeric()) {
        var nanos = json.getDoubleValue() * NANOS_PER_SECOND;
        if (Math.abs(nanos) < Long.MAX_VALUE) {
          return Duration.ofNanos(Math.round(nanos));
        }
      }
      return context.reportInputMismatch(this, "must be a number of seconds below 292 years");
    }
  }

  private static final class InstantDeserializer extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1;

    InstantDeserializer() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      var text = json.getText();
      try {
        return instant(text);
      } catch (DateTimeException e) {
        return context.reportInputMismatch(this, "\"%s\" is no time", shortened(text));
      }
    }
  }

  private static final class InventoryDeserializer extends StdDeserializer<Inventory> {
    private static final long serialVersionUID = 1;

    private static final Map<String, JavaType> SNAPSHOT_TYPES =
        Stream.of(Resources.class.getFields())
            .filter(field -> field.getType() == Resource.class)
            .collect(
                toUnmodifiableMap(
                    field -> resource(field).name(), InventoryDeserializer::snapshotType));

    private static final Map<String, Resource<?>> RESOURCES =
        Resources.all().stream().collect(toUnmodifiableMap(Resource::name, resource -> resource));

    InventoryDeserializer() {
      super(Inventory.class);
    }

    @Override
    public Inventory deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      if (!json.isExpectedStartObjectToken()) {
        return context.reportInputMismatch(this, "must be an object");
      }
      var inventory = Inventory.EMPTY;
      for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        var resource = RESOURCES.get(name);
        var type = SNAPSHOT_TYPES.get(name);
        json.nextToken();
        if (resource == null || type == null) {
          context.handleUnknownProperty(json, this, Inventory.class, name);
          continue;
        }
        try {
          inventory = with(inventory, resource, context.readValue(json, type));
        } catch (JsonMappingException e) {
          throw JsonMappingException.wrapWithPath(e, Inventory.class, name);
        }
      }
      return inventory;
    }

    @SuppressWarnings("unchecked") // it was read as the declared type
    private static <T> Inventory with(Inventory inventory, Resource<T> resource, Object snapshot) {
      return inventory.with(resource, (Snapshot<T>) snapshot);
    }

    private static JavaType snapshotType(Field field) {
      var types = TypeFactory.defaultInstance();
      var of = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
      return types.constructParametricType(Snapshot.class, types.constructType(of));
    }

    private static Resource<?> resource(Field field) {
      try {
        return (Resource<?>) field.get(null);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("cannot read " + field, e);
      }
    }
  }
}
