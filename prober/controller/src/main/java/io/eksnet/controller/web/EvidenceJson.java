package io.eksnet.controller.web;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.web.Scalars;
import io.eksnet.web.Values;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;

/** All that a diagnosis is made of, as JSON and back, whole: a real incident becomes a test. */
public final class EvidenceJson {
  /** Elements in all; a cluster of 5,000 nodes with all that is kept of it has fewer. */
  private static final int MOST = 3_000_000;

  private EvidenceJson() {}

  /**
   * The evidence as it is read back.
   *
   * @throws IllegalStateException if it is more than anybody should read; it is never cut
   */
  public static JsonObject write(Evidence evidence) {
    var values = new Values(MOST);
    var json = (JsonObject) Objects.requireNonNull(values.json(evidence));
    if (values.cut()) {
      throw new IllegalStateException("the evidence has more than " + MOST + " elements");
    }
    return json;
  }

  /**
   * Reads what {@link #write} wrote, and nothing else.
   *
   * @throws IllegalArgumentException that names the place and what is wrong with it
   */
  public static Evidence read(String text) {
    return ReadBack.readWhole(Evidence.class, object(text));
  }

  /** No key comes twice, and nothing comes after the end. */
  @SuppressWarnings("unchecked") // the keys of objects are texts
  private static JsonObject object(String text) {
    try (var parser = JacksonCodec.createParser(text)) {
      parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      var value = parser.nextToken() == null ? null : JacksonCodec.parseValue(parser);
      if (parser.nextToken() != null || !(value instanceof Map)) {
        throw new IllegalArgumentException("this is not one JSON object");
      }
      return new JsonObject((Map<String, Object>) value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("this is no JSON: " + where(e), e);
    } catch (IOException | DecodeException e) {
      throw new IllegalArgumentException("this is no JSON: " + e.getMessage(), e);
    }
  }

  private static String where(JsonProcessingException e) {
    var at = e.getLocation();
    var said = Scalars.shown(String.valueOf(e.getOriginalMessage()));
    return at == null ? said : said + ", line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}
