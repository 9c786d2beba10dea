package io.eksnet.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoTest {
  private static final String MESSAGE =
      """
      {"receiver": "page", "status": "firing", "groupLabels": {"cluster": "lab"},
       "alerts": [{"status": "firing",
         "labels": {"alertname": "EksNetSgPathBlocked", "cluster": "lab", "severity": "critical"},
         "annotations": {"summary": "A group is in the way.", "description": "Port 8080.",
           "findings": "eksnet found: it.", "runbook_url": "https://r.test/r",
           "dashboard_url": "https://g.test/d"}}]}
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"30s, 10, 3s", "1m, 30, 2s", "0s, 10, 0s", "1m30s, 20, 4500ms", "1h, 10, 360s"})
  void timesAreShorter(String time, int factor, String shorter) {
    assertThat(new SpeedUp(factor).duration(time)).isEqualTo(shorter);
  }

  @Test
  void theExpressionsOfRulesAreLeftAsTheyAre() {
    var rules =
        """
        groups:
          - name: g
            interval: 30s
            rules:
              - alert: A
                expr: rate(x[2m]) > 0.5
                for: 5m
        """;

    assertThat(new SpeedUp(10).rules(rules))
        .isEqualTo(rules.replace("interval: 30s", "interval: 3s").replace("for: 5m", "for: 30s"));
  }

  @Test
  void aMessageThatWasSentIsNotRepeatedSooner() {
    var routes = "route:\n  group_wait: 1m\n  group_interval: 5m\n  repeat_interval: 12h\n";

    assertThat(new SpeedUp(10).routes(routes))
        .isEqualTo("route:\n  group_wait: 6s\n  group_interval: 30s\n  repeat_interval: 12h\n");
  }

  @Test
  void rejectsInvalidTime() {
    assertThatThrownBy(() -> new SpeedUp(10).duration("soon")).hasMessageContaining("soon");
    assertThatThrownBy(() -> new SpeedUp(0)).hasMessageContaining("not 0");
  }

  @Test
  void everyReceiverIsTheWebhook() {
    var config =
        """
        route:
          receiver: page
        receivers:
          - name: page
            pagerduty_configs:
              - routing_key_file: /etc/key
          - name: nobody

        # graph
        inhibit_rules: []
        """;

    assertThat(MonitoringStack.replaceReceivers(config, "http://127.0.0.1:1/", Path.of("/token")))
        .contains("- name: page\n    webhook_configs:\n      - url: http://127.0.0.1:1/\n")
        .contains("- name: nobody\n    webhook_configs:", "credentials_file: '/token'")
        .contains("receiver: page\n", "# graph\ninhibit_rules: []\n")
        .doesNotContain("pagerduty");
  }

  @Test
  void pageHasTitleAndLinks() throws Exception {
    var pages = new CopyOnWriteArrayList<AlertNotification>();
    try (var receiver = WebhookReceiver.start(directory, pages::add)) {
      var token = Files.readString(receiver.token());

      assertThat(post(receiver, "Bearer guess", MESSAGE)).isEqualTo(401);
      assertThat(post(receiver, "Bearer " + token, "{}")).isEqualTo(400);
      assertThat(pages).isEmpty();
      assertThat(post(receiver, "Bearer " + token, MESSAGE)).isEqualTo(200);
    }

    assertThat(pages).extracting(AlertNotification::receiver).isEqualTo(List.of("page"));
    assertThat(pages.get(0).text())
        .contains("FIRING to \"page\": A group is in the way.")
        .contains("EksNetSgPathBlocked (critical): Port 8080.")
        .contains("eksnet found: it.", "https://r.test/r", "https://g.test/d");
  }

  private static int post(WebhookReceiver receiver, String authorization, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(receiver.url()))
            .header("Authorization", authorization)
            .POST(BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
