package io.eksnet.controller.web;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.web.Cursor;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run as an agent reports it; texts are truncated.
 *
 * @param node the agent's
 * @param outcome the label
 * @param phase where it failed, or empty
 * @param trace lines of a failed run, if the agent sent them; else empty
 * @param subject the series it belongs to, if this version has that kind of series
 * @param result what it came to
 */
public record AgentObservation(
    String node,
    String id,
    String probe,
    String kind,
    String target,
    Instant at,
    String outcome,
    boolean success,
    String phase,
    String detail,
    String trace,
    Optional<SeriesKey> subject,
    Optional<Result> result) {
  private static final int MAX_TEXT_LENGTH = 512;

  /** Of what is read as a record, in characters: a report of a node has a few hundred. */
  private static final int MAX_VALUE_LENGTH = 16_384;

  /** Size in memory without texts. */
  private static final int OBJECT_BYTES = 600;

  /** Of a trace, in characters. */
  static final int MAX_TRACE_LENGTH = 4_096;

  /**
   * What an agent answered.
   *
   * @param cursor where to go on next time
   * @param host its report about its node
   */
  public record Page(List<AgentObservation> observations, String cursor, HostReport host) {
    public Page {
      observations = List.copyOf(observations);
    }
  }

  /**
   * Reads an answer of {@code /api/v1/observations?since=…}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Page read(String node, String json, int most) {
    try {
      var answer = object(io.vertx.core.json.Json.decodeValue(json));
      var observations = list(answer, most).stream().map(entry -> of(node, object(entry))).toList();
      var cursor = Cursor.parse(text(answer, "cursor"));
      return new Page(
          observations,
          cursor
              .orElseThrow(() -> new IllegalArgumentException("an answer without a cursor"))
              .text(),
          read(HostReport.class, answer, "host").orElse(HostReport.NOTHING));
    } catch (ClassCastException | DateTimeException | DecodeException e) {
      throw new IllegalArgumentException("no answer of an agent: " + e.getMessage(), e);
    }
  }

  private static JsonArray list(JsonObject answer, int most) {
    var list = answer.getJsonArray("observations");
    if (list == null) {
      return new JsonArray();
    }
    if (list.size() > most) {
      throw new IllegalArgumentException(list.size() + " observations where " + most + " fit");
    }
    return list;
  }

  private static JsonObject object(@Nullable Object json) {
    if (json instanceof JsonObject object) {
      return object;
    }
    throw new IllegalArgumentException("no answer of an agent: an object is missing");
  }

  /** The same without what only a reader of the whole run needs. */
  public AgentObservation withoutTrace() {
    return trace.isEmpty()
        ? this
        : new AgentObservation(
            node, id, probe, kind, target, at, outcome, success, phase, detail, "", subject,
            result);
  }

  /** The same without its result, for those who have the results apart. */
  public AgentObservation withoutResult() {
    return new AgentObservation(
        node,
        id,
        probe,
        kind,
        target,
        at,
        outcome,
        success,
        phase,
        detail,
        trace,
        Optional.empty(),
        Optional.empty());
  }

  /** About how many bytes it takes to keep. */
  public int weight() {
    var texts = List.of(node, id, probe, kind, target, outcome, phase, detail, trace);
    var written = subject.map(said -> said.toString().length()).orElse(0);
    return OBJECT_BYTES + 2 * (written + texts.stream().mapToInt(String::length).sum());
  }

  JsonObject json() {
    return new JsonObject()
        .put("node", node)
        .put("id", id)
        .put("probe", probe)
        .put("kind", kind)
        .put("target", target)
        .put("at", at.toString())
        .put("outcome", outcome)
        .put("success", success)
        .put("phase", phase)
        .put("detail", detail);
  }

  private static AgentObservation of(String node, JsonObject json) {
    return new AgentObservation(
        node,
        text(json, "id"),
        text(json, "probe"),
        text(json, "kind"),
        text(json, "target"),
        ModelJson.instant(text(json, "at")),
        text(json, "outcome"),
        Boolean.TRUE.equals(json.getBoolean("success")),
        text(json, "phase"),
        text(json, "detail"),
        text(json, "trace", MAX_TRACE_LENGTH),
        read(SeriesKey.class, json, "subject"),
        read(Result.class, json, "result"));
  }

  /** Values that only another version has are left out. */
  private static <T> Optional<T> read(Class<T> type, JsonObject json, String key) {
    var value = json.getJsonObject(key);
    var text = value == null ? "" : value.encode();
    if (text.isEmpty() || text.length() > MAX_VALUE_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(ModelJson.readTolerantly(type, text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String text(JsonObject json, String key) {
    return text(json, key, MAX_TEXT_LENGTH);
  }

  private static String text(JsonObject json, String key, int longest) {
    var text = json.getString(key, "");
    return text == null ? "" : text.substring(0, Math.min(text.length(), longest));
  }
}
