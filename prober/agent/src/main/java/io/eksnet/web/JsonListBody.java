package io.eksnet.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with a list as its last member, encoded element by element while it is sent, so
 * that a long list is never in memory as text.
 */
final class JsonListBody implements BodyWriter.Slices {
  private final String member;
  private final Iterator<JsonObject> elements;
  private @Nullable String head;
  private boolean first = true;
  private boolean ended;

  /**
   * @param others the members before the list
   */
  JsonListBody(JsonObject others, String member, Iterator<JsonObject> elements) {
    this.member = member;
    this.elements = elements;
    var text = others.encodePrettily();
    head =
        others.isEmpty()
            ? "{\n  "
            : text.substring(0, text.lastIndexOf('}')).stripTrailing() + ",\n  ";
  }

  @Override
  public @Nullable Buffer next() {
    if (ended) {
      return null;
    }
    var slice = new StringBuilder();
    if (head != null) {
      slice.append(head).append('"').append(member).append("\" : [");
      head = null;
    }
    while (elements.hasNext() && slice.length() < BodyWriter.SLICE_BYTES) {
      slice.append(first ? " " : ", ").append(elements.next().encodePrettily());
      first = false;
    }
    if (!elements.hasNext()) {
      slice.append(first ? "" : " ").append("]\n}\n");
      ended = true;
    }
    return Buffer.buffer(slice.toString());
  }
}
