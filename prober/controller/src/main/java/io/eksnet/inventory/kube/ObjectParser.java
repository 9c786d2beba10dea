package io.eksnet.inventory.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parses lists and watch events of the Kubernetes API. A list is parsed as it arrives, so that one
 * object at a time is in memory, however long the list is.
 */
final class ObjectParser {
  private static final ObjectMapper MAPPER = mapper();

  private ObjectParser() {}

  /** The types of watch events (Kubernetes API concepts, "Efficient detection of changes"). */
  enum EventType {
    ADDED,
    MODIFIED,
    DELETED,
    BOOKMARK,
    ERROR
  }

  /**
   * A watch event.
   *
   * @param object empty for an error
   * @param status of an error
   */
  record Event<T extends HasMetadata>(
      EventType type, Optional<T> object, Optional<Status> status) {}

  private static ObjectMapper mapper() {
    var mapper = new ObjectMapper();
    // the constructor configures the mapper for the model classes
    var unused = new KubernetesSerialization(mapper, false);
    return mapper;
  }

  /**
   * Passes each object of a list to {@code object}, and returns the resource version of the list.
   * Fails unless the list is complete.
   */
  static <T> String parseList(InputStream json, Class<T> type, Consumer<T> object)
      throws IOException {
    var reader = MAPPER.readerFor(type);
    ListMeta meta = null;
    try (var parser = MAPPER.createParser(json)) {
      expect(parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        var field = parser.currentName();
        parser.nextToken();
        if ("metadata".equals(field)) {
          meta = parser.readValueAs(ListMeta.class);
        } else if ("items".equals(field)) {
          parseItems(parser, reader, object);
        } else {
          parser.skipChildren();
        }
      }
    }
    return version(meta);
  }

  private static <T> void parseItems(JsonParser parser, ObjectReader reader, Consumer<T> object)
      throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return; // an empty list in Go
    }
    expect(parser.currentToken(), JsonToken.START_ARRAY);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      object.accept(reader.readValue(parser));
    }
  }

  private static void expect(@Nullable JsonToken token, JsonToken expected) throws IOException {
    if (token != expected) {
      throw new IOException("not a list: expected " + expected + ", not " + token);
    }
  }

  private static String version(@Nullable ListMeta meta) throws IOException {
    var version = meta == null ? "" : KubeObjects.text(meta.getResourceVersion());
    if (meta == null || version.isEmpty()) {
      throw new IOException("not a list: it has no resource version");
    }
    if (!KubeObjects.text(meta.getContinue()).isEmpty()) {
      throw new IOException("the list is not complete");
    }
    return version;
  }

  static <T extends HasMetadata> Event<T> parseEvent(String json, Class<T> type)
      throws IOException {
    var event = MAPPER.readTree(json);
    var eventType = EventType.valueOf(event.path("type").asText());
    var object = event.path("object");
    return eventType == EventType.ERROR
        ? new Event<>(
            eventType, Optional.empty(), Optional.of(MAPPER.treeToValue(object, Status.class)))
        : new Event<>(eventType, Optional.of(MAPPER.treeToValue(object, type)), Optional.empty());
  }
}
