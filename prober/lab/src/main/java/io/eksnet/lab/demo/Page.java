package io.eksnet.lab.demo;

import static java.util.stream.Collectors.joining;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A message of Alertmanager: one group of alerts, on its way to one receiver.
 *
 * @param receiver the name that the configuration gives it
 * @param status firing, or resolved when no alert of the group fires any more
 * @param group the labels that all of its alerts have in common by the grouping
 */
public record Page(String receiver, String status, Map<String, String> group, List<Alert> alerts) {
  /** One alert of the group. */
  public record Alert(String status, Map<String, String> labels, Map<String, String> annotations) {
    public Alert {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }

    /** Its name. */
    public String name() {
      return labels.getOrDefault("alertname", "");
    }

    private String line() {
      return "  %-9s  %s (%s): %s"
          .formatted(status, name(), labels.get("severity"), says("description"));
    }

    private String says(String annotation) {
      return annotations.getOrDefault(annotation, "");
    }
  }

  public Page {
    group = Map.copyOf(group);
    alerts = List.copyOf(alerts);
  }

  /** The message as it is posted to a webhook. */
  static Page of(String json) {
    var message = new JsonObject(json);
    return new Page(
        message.getString("receiver"),
        message.getString("status"),
        texts(message.getJsonObject("groupLabels")),
        message.getJsonArray("alerts").stream()
            .map(JsonObject.class::cast)
            .map(
                alert ->
                    new Alert(
                        alert.getString("status"),
                        texts(alert.getJsonObject("labels")),
                        texts(alert.getJsonObject("annotations"))))
            .toList());
  }

  /** As it is printed: what happened, what caused it, where to read on. */
  String text() {
    var first = alerts.get(0);
    return """

        %s to "%s": %s
        %s
          eksnet     %s
          runbook    %s
          dashboard  %s
        """
        .formatted(
            status.toUpperCase(Locale.ROOT),
            receiver,
            first.says("summary"),
            alerts.stream().map(Alert::line).collect(joining("\n")),
            first.says("findings"),
            first.says("runbook_url"),
            first.says("dashboard_url"));
  }

  private static Map<String, String> texts(JsonObject object) {
    var texts = new TreeMap<String, String>();
    object.forEach(entry -> texts.put(entry.getKey(), String.valueOf(entry.getValue())));
    return texts;
  }
}
