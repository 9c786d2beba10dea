package io.eksnet.reference.dashboards;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The dashboards that {@code make dashboards} builds, read from {@code dashboards/grafana}. */
public final class DashboardFiles {
  private static final Path DIRECTORY = Path.of("../../dashboards/grafana");

  /** A query with where it stands. */
  public record Asked(String board, String panel, String ref, String expr) {
    /** As Grafana asks it with these values of the variables and all there are of others. */
    public String with(Map<String, String> values) {
      var asked = expr;
      for (var value : values.entrySet()) {
        asked = asked.replace("$" + value.getKey(), value.getValue());
      }
      return asked
          .replace("$__rate_interval", "5m")
          .replace("$__range", "6h")
          .replaceAll("\\$(zone|node|namespace|lb)\\b", ".*");
    }

    @Override
    public String toString() {
      return board + " / " + panel + " / " + ref;
    }
  }

  private DashboardFiles() {}

  static List<JsonObject> dashboards() {
    try (var files = Files.list(DIRECTORY)) {
      return files.sorted().map(DashboardFiles::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonObject read(Path file) {
    try {
      return new JsonObject(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those that ask something: not headings. */
  static List<JsonObject> panels(JsonObject dashboard) {
    return all(dashboard).filter(panel -> !panel.getString("type").equals("row")).toList();
  }

  /** Headings and panels, also those of collapsed rows. */
  static Stream<JsonObject> all(JsonObject dashboard) {
    return objects(dashboard.getJsonArray("panels"))
        .flatMap(
            panel ->
                Stream.concat(
                    Stream.of(panel), objects(panel.getJsonArray("panels", new JsonArray()))));
  }

  static Stream<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }

  /** All queries of panels and annotations. */
  public static List<Asked> queries() {
    return dashboards().stream().flatMap(DashboardFiles::queries).toList();
  }

  static Stream<Asked> queries(JsonObject dashboard) {
    var title = dashboard.getString("title");
    var panels = panels(dashboard).stream().flatMap(panel -> queries(title, panel));
    var annotations =
        objects(dashboard.getJsonObject("annotations").getJsonArray("list"))
            .filter(annotation -> annotation.containsKey("expr"))
            .map(a -> new Asked(title, "annotation", a.getString("name"), a.getString("expr")));
    return Stream.concat(panels, annotations);
  }

  static Stream<Asked> queries(String title, JsonObject panel) {
    return objects(panel.getJsonArray("targets"))
        .map(
            target ->
                new Asked(
                    title,
                    panel.getString("title"),
                    target.getString("refId"),
                    target.getString("expr")));
  }
}
