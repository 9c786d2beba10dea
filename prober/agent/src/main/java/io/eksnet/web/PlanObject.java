package io.eksnet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A JSON object of a plan, read strictly: every key is known, there, and of its type. */
record PlanObject(JsonObject json, String place) {
  private static final int LONGEST_TEXT = 1_024;

  static PlanObject of(@Nullable Object value, String place) {
    if (value instanceof JsonObject json) {
      return new PlanObject(json, place);
    }
    throw new IllegalArgumentException(place + " must be an object");
  }

  /** This, if it has no other keys. */
  PlanObject only(String... keys) {
    var known = Set.of(keys);
    if (!known.containsAll(json.fieldNames())) {
      throw wrong("it has a key that is not known; known are " + String.join(", ", keys));
    }
    return this;
  }

  String text(String key) {
    return text(json.getValue(key), key);
  }

  int number(String key) {
    if (json.getValue(key) instanceof Integer number) {
      return number;
    }
    throw wrong(key + " must be a whole number");
  }

  boolean truth(String key) {
    if (json.getValue(key) instanceof Boolean truth) {
      return truth;
    }
    throw wrong(key + " must be true or false");
  }

  JsonArray list(String key, int most) {
    if (!(json.getValue(key) instanceof JsonArray list)) {
      throw wrong(key + " must be a list");
    }
    if (list.size() > most) {
      throw wrong(key + " has more than " + most + " entries");
    }
    return list;
  }

  List<String> texts(String key, int most) {
    var list = list(key, most);
    return IntStream.range(0, list.size()).mapToObj(i -> text(list.getValue(i), key)).toList();
  }

  /** What is made of it; what is wrong is told with its place. */
  <T> T said(Function<PlanObject, T> made) {
    try {
      return made.apply(this);
    } catch (Misread e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private String text(@Nullable Object value, String key) {
    if (value instanceof String text && text.length() <= LONGEST_TEXT) {
      return text;
    }
    throw wrong(key + " must be a text of at most " + LONGEST_TEXT + " characters");
  }

  private Misread wrong(String what) {
    return new Misread(place + ": " + what);
  }

  /** Already says where. */
  private static final class Misread extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Misread(String message) {
      super(message);
    }
  }
}
