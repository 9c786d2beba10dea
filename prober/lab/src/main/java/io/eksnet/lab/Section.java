package io.eksnet.lab;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** A part of the control page with paths of its own. */
public interface Section {
  /** Nothing. */
  Section NONE =
      new Section() {
        @Override
        public String html(String self) {
          return "";
        }

        @Override
        public Optional<JsonObject> show(String path) {
          return Optional.empty();
        }

        @Override
        public Optional<String> change(String path) {
          return Optional.empty();
        }
      };

  /** What people see; {@code self} is where the page is. */
  String html(String self);

  /** What programs get at a path; empty: it is no path of this part. */
  Optional<JsonObject> show(String path);

  /**
   * Does what a POST to a path asks for, and says what is so now; empty: it is no path of this
   * part.
   */
  Optional<String> change(String path);
}
