package io.eksnet.lab;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** A section of the control page with paths of its own. */
public interface ControlPageSection {
  /** The HTML of the section; {@code pageUrl} has no slash at its end. */
  String html(String pageUrl);

  /** The JSON at a path; empty if the section does not serve the path. */
  Optional<JsonObject> get(String path);

  /** Performs a POST and describes the new state; empty if the section does not serve the path. */
  Optional<String> post(String path);

  /** Escapes text for an HTML element or attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
