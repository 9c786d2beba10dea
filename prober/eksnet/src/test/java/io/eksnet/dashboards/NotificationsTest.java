package io.eksnet.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.eksnet.dashboards.Dashboards.Rule;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts that the real Alertmanager sends, for every pair of alerts that can meet. */
class NotificationsTest {
  private static final Path CONFIG = Dashboards.ROOT.resolve("alertmanager/alertmanager.yaml");
  private static final Pattern TEMPLATE = Pattern.compile("\\{\\{.*?}}");
  private static final Pattern LABEL = Pattern.compile("\\$labels\\.(\\w+)");
  private static final Pattern CLUSTER = Pattern.compile("\\[(c\\d+)]");
  private static final long TIMEOUT_SECONDS = 60;

  /** A message for people: where it went, its title and its text. */
  private record Message(String path, String title, String text) {
    String cluster() {
      var found = CLUSTER.matcher(title);
      return found.find() ? found.group(1) : "none";
    }
  }

  private final Queue<Message> messages = new ConcurrentLinkedQueue<>();

  @Test
  void everyPairOfAlertsHasAReadableTitle(@TempDir Path directory) throws Exception {
    var rules =
        Dashboards.alerts().stream()
            .filter(rule -> Set.of("critical", "warning").contains(severity(rule)))
            .toList();
    var inhibitions = inhibitions();
    var pairs = new HashMap<String, List<Rule>>();
    for (var first = 0; first < rules.size(); first++) {
      for (var second = first + 1; second < rules.size(); second++) {
        var pair = List.of(rules.get(first), rules.get(second));
        if (canMeet(pair, inhibitions)) {
          pairs.put("c" + pairs.size(), pair);
        }
      }
    }

    var server = receiver();
    try (var alertmanager = Alertmanager.start(config(directory, server), directory)) {
      for (var pair : pairs.entrySet()) {
        alertmanager.add(pair.getValue().stream().map(rule -> alert(rule, pair.getKey())).toList());
      }
      alertmanager.flush();
      assertThat(await(alertmanager)).as("no pair mutes itself").isEqualTo(pairs.keySet());
    } finally {
      server.stop(0);
    }

    var chat = new HashMap<String, Integer>();
    for (var message : messages) {
      var pair = pairs.get(message.cluster());
      assertThat(pair).as("%s", message).isNotNull();
      assertThat(pair).anySatisfy(rule -> assertThat(message.title()).contains(summary(rule)));
      assertThat(message.title()).contains(" Found: some_cause (an/object).").hasSizeLessThan(300);
      assertThat(message.text()).contains("Runbook").contains("eksnet found: some_cause");
      if (message.path().equals("/slack")) {
        chat.merge(message.cluster(), 1, Integer::sum);
      }
    }
    pairs.forEach(
        (cluster, pair) -> {
          if (isOneOutageOfDns(pair)) {
            assertThat(chat).as("%s", pair).containsEntry(cluster, 1);
          }
          assertThat(chat.get(cluster)).as("%s", pair).isBetween(1, 2);
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "firing   | eksnet found: a_b (subnet/s (a)), c (d). | It fails in c1. Found: a_b (subnet/s (a)).",
        "firing   | eksnet has no finding of high confidence. | It fails in c1.",
        "resolved | eksnet found: a_b (node/n). | Resolved: It fails in c1. Found: a_b (node/n).",
      })
  void theTitleHasTheFirstFinding(
      String status, String findings, String title, @TempDir Path directory) throws Exception {
    var alert =
        new JsonObject()
            .put("status", status)
            .put("labels", new JsonObject().put("alertname", "EksNetX").put("severity", "warning"))
            .put(
                "annotations",
                new JsonObject()
                    .put("summary", "It fails in c1.")
                    .put("description", "Users <see> it.")
                    .put("findings", findings)
                    .put("runbook_url", "https://runbook.test/x")
                    .put("incident_command", "kubectl -n eksnet port-forward"));

    assertThat(render(directory, "title", alert)).isEqualTo(title);
    assertThat(render(directory, "html", alert))
        .contains("<h3>" + title + "</h3>", "<a href=\"https://runbook.test/x\">Runbook</a>")
        .contains("<code>kubectl -n eksnet port-forward</code>")
        .doesNotContain("<see>");
    assertThat(render(directory, "text", alert))
        .contains("Runbook: https://runbook.test/x", findings);
  }

  private static String render(Path directory, String template, JsonObject alert) throws Exception {
    var data =
        new JsonObject()
            .put("status", alert.getString("status"))
            .put("externalURL", "http://alertmanager.test")
            .put("groupLabels", new JsonObject().put("cluster", "c1"))
            .put("alerts", new JsonArray().add(alert));
    Files.writeString(directory.resolve("data.json"), data.encode());
    var rendered =
        Command.run(
            directory,
            "amtool",
            "template",
            "render",
            "--template.glob=" + CONFIG.resolveSibling("eksnet.tmpl"),
            "--template.type=" + (template.equals("html") ? "html" : "text"),
            "--template.text={{ template \"eksnet." + template + "\" . }}",
            "--template.data=data.json");
    assertThat(rendered.exit()).as(rendered.output()).isZero();
    return rendered.output();
  }

  /** The configuration, with addresses of this machine and short waits. */
  private static Path config(Path directory, HttpServer server) throws Exception {
    var url = "http://127.0.0.1:" + server.getAddress().getPort();
    var text =
        Files.readString(CONFIG)
            .replaceAll("group_wait: \\d+m", "group_wait: 2s")
            .replaceAll("api_url_file: \\S+", "api_url: " + url + "/slack")
            .replaceAll(
                "routing_key_file: \\S+", "routing_key: key\n        url: " + url + "/pagerduty")
            .replaceAll("(?ms)^    email_configs:\n.*?(?=^  - name)", "")
            .replaceAll("(?m)^templates: .*$", "templates: [" + CONFIG.getParent() + "/*.tmpl]");
    return Files.writeString(directory.resolve("alertmanager.yaml"), text);
  }

  private HttpServer receiver() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.createContext(
        "/",
        exchange -> {
          var body = new JsonObject(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          messages.add(message(exchange.getRequestURI().getPath(), body));
          var answer = "{\"status\":\"success\"}".getBytes(UTF_8);
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/slack") ? 200 : 202, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Message message(String path, JsonObject body) {
    if (path.equals("/slack")) {
      var attachment = body.getJsonArray("attachments").getJsonObject(0);
      return new Message(path, attachment.getString("title"), attachment.getString("text"));
    }
    var payload = body.getJsonObject("payload");
    var links = body.getJsonArray("links", new JsonArray());
    for (var i = 0; i < links.size(); i++) {
      // PagerDuty refuses an event with an empty link.
      assertThat(links.getJsonObject(i).getString("href")).startsWith("https://");
    }
    return new Message(
        path,
        payload.getString("summary"),
        payload.getJsonObject("custom_details").getString("alerts"));
  }

  /**
   * Waits until each alert that nothing mutes is in a message. Alertmanager mutes alerts some time
   * after it receives them.
   *
   * @return the clusters with such an alert
   */
  private Set<String> await(Alertmanager alertmanager) throws Exception {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    var active = active(alertmanager);
    var missing = missing(active);
    while (!missing.isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(500);
      active = active(alertmanager);
      missing = missing(active);
    }
    assertThat(missing).isEmpty();
    return active.keySet();
  }

  private static Map<String, List<String>> active(Alertmanager alertmanager) throws Exception {
    var active = new HashMap<String, List<String>>();
    for (var labels : alertmanager.active()) {
      active
          .computeIfAbsent(labels.getString("cluster"), cluster -> new ArrayList<>())
          .add(labels.getString("alertname"));
    }
    return active;
  }

  private Set<String> missing(Map<String, List<String>> active) {
    var texts = new HashMap<String, StringBuilder>();
    for (var message : messages) {
      if (message.path().equals("/slack")) {
        texts
            .computeIfAbsent(message.cluster(), cluster -> new StringBuilder())
            .append(message.text());
      }
    }
    var missing = new HashSet<String>();
    active.forEach(
        (cluster, names) ->
            names.forEach(
                name -> {
                  if (texts.getOrDefault(cluster, new StringBuilder()).indexOf(name + " is broken")
                      < 0) {
                    missing.add(cluster + " " + name);
                  }
                }));
    return missing;
  }

  /** Labels of an alert as of its rule, and texts that tell the alerts apart. */
  private static JsonObject alert(Rule rule, String cluster) {
    var name = rule.alert().orElseThrow();
    var labels = new JsonObject();
    for (var text : rule.annotations().values()) {
      LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), "one"));
    }
    rule.labels().forEach(labels::put);
    labels.put("alertname", name).put("cluster", cluster);
    return new JsonObject()
        .put("labels", labels)
        .put(
            "annotations",
            new JsonObject()
                .put("summary", "[" + cluster + "] " + summary(rule))
                .put("description", name + " is broken.")
                .put("findings", "eksnet found: some_cause (an/object).")
                .put("runbook_url", rule.annotations().get("runbook_url"))
                .put("dashboard_url", "https://grafana.test"));
  }

  private static String summary(Rule rule) {
    return TEMPLATE.matcher(rule.annotations().get("summary")).replaceAll("x");
  }

  /** Alerts of one layer can be in one notification; others meet only where one mutes another. */
  private static boolean canMeet(List<Rule> pair, List<String> inhibitions) {
    return pair.get(0).labels().getOrDefault("layer", "").equals(pair.get(1).labels().get("layer"))
        || inhibitions.stream()
            .anyMatch(
                text -> pair.stream().allMatch(rule -> text.contains(rule.alert().orElseThrow())));
  }

  private static List<String> inhibitions() throws Exception {
    return Dashboards.maps(Dashboards.yaml(CONFIG).get("inhibit_rules")).stream()
        .map(String::valueOf)
        .toList();
  }

  private static boolean isOneOutageOfDns(List<Rule> pair) {
    return pair.stream()
        .allMatch(
            rule ->
                severity(rule).equals("critical")
                    && rule.alert()
                        .orElseThrow()
                        .matches("EksNet(CoreDns(Unschedulable|NoReadyBackends)|ClusterDnsDown)"));
  }

  private static String severity(Rule rule) {
    return rule.labels().getOrDefault("severity", "");
  }
}
