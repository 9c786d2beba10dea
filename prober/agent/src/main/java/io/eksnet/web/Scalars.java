package io.eksnet.web;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the single values that {@link Values} wrote. */
public final class Scalars {
  private static final double NANOS = 1e9;

  /** Whole numbers up to here are exact in a double. */
  private static final double EXACT = 1L << 53;

  private static final int LONGEST = 80;
  private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  private Scalars() {}

  public static Object read(Class<?> type, Object json, String place) {
    if (type == String.class) {
      return text(json, place);
    }
    if (type.isEnum()) {
      return word(type, text(json, place), place);
    }
    if (type == boolean.class || type == Boolean.class) {
      return json instanceof Boolean said ? said : fail(place, "true or false", json);
    }
    if (type == Instant.class) {
      return instant(text(json, place), place);
    }
    if (type == int.class || type == Integer.class) {
      return (int) whole(json, place, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (type == long.class || type == Long.class) {
      return whole(json, place, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    return type == Duration.class ? duration(json, place) : number(json, place);
  }

  public static JsonObject object(@Nullable Object json, String place) {
    return json instanceof JsonObject object ? object : (JsonObject) fail(place, "a mapping", json);
  }

  public static String text(@Nullable Object json, String place) {
    return json instanceof String text ? text : (String) fail(place, "a text", json);
  }

  public static IllegalArgumentException wrong(String place, String wanted, @Nullable Object json) {
    return new IllegalArgumentException(
        place + " must be " + wanted + (json == null ? ", and is missing" : ""));
  }

  /** A stranger's text, for a message. */
  public static String shown(String text) {
    var plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
  }

  private static Object word(Class<?> type, String text, String place) {
    return Vocabulary.constant(type, text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    place + " is no " + type.getSimpleName() + ": \"" + shown(text) + "\""));
  }

  /**
   * The moment that a text says, if a duration from it to any moment of our days has a number of
   * nanoseconds.
   *
   * @throws DateTimeException if it says none
   */
  public static Instant moment(String text) {
    var moment = Instant.parse(text);
    if (moment.isBefore(EARLIEST) || moment.isAfter(LATEST)) {
      throw new DateTimeException(moment + " is not of our days");
    }
    return moment;
  }

  private static Instant instant(String text, String place) {
    try {
      return moment(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(place + " is no time: \"" + shown(text) + "\"", e);
    }
  }

  private static long whole(Object json, String place, long least, long most) {
    if (json instanceof Integer || json instanceof Long) {
      var number = ((Number) json).longValue();
      if (number >= least && number <= most) {
        return number;
      }
    } else if (json instanceof Double number
        && number == Math.rint(number)
        && Math.abs(number) <= Math.min(EXACT, (double) most)) {
      return number.longValue();
    }
    throw wrong(place, "a whole number from " + least + " to " + most, json);
  }

  private static double number(Object json, String place) {
    if (json instanceof String text && (text.equals("NaN") || text.matches("-?Infinity"))) {
      return Double.parseDouble(text);
    }
    return json instanceof Number number
        ? number.doubleValue()
        : (Double) fail(place, "a number", json);
  }

  private static Duration duration(Object json, String place) {
    var nanos = number(json, place) * NANOS;
    if (!(Math.abs(nanos) < Long.MAX_VALUE)) {
      throw wrong(place, "a number of seconds below 292 years", json);
    }
    return Duration.ofNanos(Math.round(nanos));
  }

  private static Object fail(String place, String wanted, @Nullable Object json) {
    throw wrong(place, wanted, json);
  }
}
