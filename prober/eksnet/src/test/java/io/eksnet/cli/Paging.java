package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.demo.AlertNotification;
import io.eksnet.lab.demo.MonitoringStack;
import io.eksnet.lab.demo.ScrapeTarget;
import io.eksnet.lab.demo.SpeedUp;
import io.eksnet.lab.demo.WebhookReceiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a real Prometheus and a real Alertmanager, with the rules and routes of this repository,
 * make of recorded incidents: all at the same time, each as a cluster of its own.
 */
final class Paging {
  /** A quarter of an hour, the longest hold of what may come late, is 30 s. */
  private static final SpeedUp SPEED_UP = new SpeedUp(30);

  /** Healthy time before the incidents; the windows of rules have their usual length. */
  private static final Duration CALM = Duration.ofSeconds(6);

  private static final Duration LATE_NOTIFICATIONS = Duration.ofSeconds(38);
  private static final Duration TIMEOUT = Duration.ofSeconds(100);

  private final Queue<AlertNotification> pages = new ConcurrentLinkedQueue<>();
  private List<AlertNotification> early = List.of();

  private Paging() {}

  /**
   * Plays all incidents.
   *
   * @param calm frames of a healthy cluster
   * @param incidents frames of each, the first from before it began
   * @param expected notifications to wait for, by incident
   */
  static Paging of(
      Path work,
      String node,
      String zone,
      List<Frame> calm,
      Map<String, List<Frame>> incidents,
      Map<String, List<String>> expected)
      throws Exception {
    var paging = new Paging();
    var playbacks = new LinkedHashMap<Playback, List<Frame>>();
    try (var pager = WebhookReceiver.start(work, paging.pages::add)) {
      var targets = new ArrayList<ScrapeTarget>();
      for (var incident : incidents.entrySet()) {
        var playback = Playback.start(calm);
        playbacks.put(playback, incident.getValue());
        targets.add(new ScrapeTarget(playback.address(), incident.getKey(), node, zone));
      }
      try (var watchers = MonitoringStack.start(dashboards(), work, SPEED_UP, targets, pager)) {
        assertThat(watchers.prometheusUrl()).isNotEmpty();
        Thread.sleep(CALM.toMillis());
        paging.early = paging.all().toList();
        playbacks.forEach(Playback::strike);
        var quiet = System.nanoTime() + LATE_NOTIFICATIONS.toNanos();
        paging.await(expected);
        Thread.sleep(Math.max(0, Duration.ofNanos(quiet - System.nanoTime()).toMillis()));
      }
      return paging;
    } finally {
      playbacks.keySet().forEach(Playback::close);
    }
  }

  /** Notifications before the incidents. */
  List<AlertNotification> early() {
    return early;
  }

  /** Receiver and alerts of each group of a cluster, by its last message. */
  List<String> notifications(String cluster) {
    var groups = new LinkedHashMap<String, String>();
    messages(cluster)
        .forEach(page -> groups.put(page.receiver() + " " + page.groupLabels(), summary(page)));
    return List.copyOf(groups.values());
  }

  /** The messages on a cluster. */
  Stream<AlertNotification> messages(String cluster) {
    return all().filter(page -> cluster.equals(page.groupLabels().get("cluster")));
  }

  private Stream<AlertNotification> all() {
    return pages.stream()
        .filter(page -> !page.receiver().equals("dead-mans-switch"))
        .filter(page -> !page.alerts().stream().allMatch(Paging::isOfTheMachine));
  }

  /** Alerts about a busy prober, which a busy machine rightly causes, belong to no incident. */
  private static boolean isOfTheMachine(AlertNotification.Alert alert) {
    return alert.name().equals("EksNetScheduleLagging")
        || alert.name().equals("EksNetProbesNotRun")
        || "prober_trouble".equals(alert.labels().get("cause"));
  }

  /** The test of an incident reports what is missing. */
  private void await(Map<String, List<String>> expected) throws InterruptedException {
    var deadline = System.nanoTime() + TIMEOUT.toNanos();
    for (var incident : expected.entrySet()) {
      while (!hasAll(notifications(incident.getKey()), incident.getValue())
          && System.nanoTime() < deadline) {
        Thread.sleep(200);
      }
    }
  }

  /** One alert may be expected several times. */
  private static boolean hasAll(List<String> notifications, List<String> expected) {
    return notifications.size() >= expected.size() && notifications.containsAll(expected);
  }

  private static String summary(AlertNotification page) {
    return page.alerts().stream()
        .filter(alert -> alert.status().equals("firing"))
        .map(AlertNotification.Alert::name)
        .distinct()
        .collect(Collectors.joining(" and ", page.receiver() + " ", ""));
  }

  private static Path dashboards() {
    var here = Path.of("").toAbsolutePath();
    while (here != null && !Files.isDirectory(here.resolve("dashboards/alerts"))) {
      here = here.getParent();
    }
    return Path.of(String.valueOf(here), "dashboards");
  }
}
