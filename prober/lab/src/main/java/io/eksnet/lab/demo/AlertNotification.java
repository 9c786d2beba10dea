package io.eksnet.lab.demo;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A webhook notification of Alertmanager: one group of alerts for one receiver.
 *
 * @param status {@code firing}, or {@code resolved} if no alert of the group fires any more
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AlertNotification(
    String receiver, String status, Map<String, String> groupLabels, List<Alert> alerts) {
  private static final JsonMapper JSON = new JsonMapper();

  public AlertNotification {
    requireNonNull(receiver);
    requireNonNull(status);
    groupLabels = Map.copyOf(groupLabels);
    alerts = List.copyOf(alerts);
  }

  /** An alert of the group. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Alert(String status, Map<String, String> labels, Map<String, String> annotations) {
    public Alert {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }

    /** The name of the alert. */
    public String name() {
      return labels.getOrDefault("alertname", "");
    }

    private String annotation(String name) {
      return annotations.getOrDefault(name, "");
    }

    private String line() {
      return "  %-9s  %s (%s): %s"
          .formatted(status, name(), labels.get("severity"), annotation("description"));
    }
  }

  static AlertNotification parse(String json) throws JsonProcessingException {
    return JSON.readValue(json, AlertNotification.class);
  }

  /** The text that the demo prints. */
  String text() {
    var first = alerts.get(0);
    return """

        %s to "%s": %s
        %s
          findings   %s
          runbook    %s
          dashboard  %s
        """
        .formatted(
            status.toUpperCase(Locale.ROOT),
            receiver,
            first.annotation("summary"),
            alerts.stream().map(Alert::line).collect(joining("\n")),
            first.annotation("findings"),
            first.annotation("runbook_url"),
            first.annotation("dashboard_url"));
  }
}
