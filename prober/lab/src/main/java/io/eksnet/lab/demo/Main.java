package io.eksnet.lab.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.lab.Launch;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.world.ClusterLab;
import io.eksnet.lab.world.Replay;
import io.eksnet.lab.world.Scenarios;
import io.eksnet.lab.world.Stand;
import io.eksnet.lab.world.Watched;
import io.eksnet.lab.world.Words;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lab with eksnet, a real Prometheus, a real Alertmanager and somebody who is paged: {@code
 * make demo}. Run where the folder {@code dashboards} is.
 */
public final class Main {
  private static final Haste HASTE = new Haste(4);

  private Main() {}

  /** Runs until eksnet ends or a signal comes. */
  public static void main(String[] args) {
    Launch.exit("demo", Words.USAGE, words -> play(Words.of(words)), args);
  }

  private static int play(Words words) throws IOException, InterruptedException {
    var work = emptied(words.work().resolve("watchers"));
    try (var stand = Stand.start(words);
        var pager = Pager.start(work, Main::show)) {
      while (!stand.awaitReady()) {
        if (!stand.isAlive()) {
          return stand.awaitEnd();
        }
      }
      try (var watchers =
          Watchers.start(Path.of("dashboards"), work, HASTE, scrapes(stand), pager)) {
        var replay = stand.cluster().replay();
        System.out.println(guide(stand, watchers));
        words.scenario().ifPresent(replay::play);
        listen(replay);
        return stand.awaitEnd();
      }
    }
  }

  /** The watchdog is for a machine that waits for it. */
  private static void show(Page page) {
    if (!page.receiver().equals("dead-mans-switch")) {
      System.out.println(page.text());
    }
  }

  private static List<Scrape> scrapes(Stand stand) {
    return stand.seats().stream().map(seat -> scrape(stand.cluster(), seat)).toList();
  }

  private static Scrape scrape(ClusterLab cluster, Watched.Seat seat) {
    var node = cluster.state().get(Node.class, seat.node());
    return new Scrape(seat.address(), "lab", node.name(), node.zone());
  }

  private static String guide(Stand stand, Watchers watchers) {
    return """

        The lab stands, eksnet watches it, and who is on call is told here.

        %s  Prometheus       %s/alerts
          Alertmanager     %s/#/alerts

        Times are %d times shorter than in production: how long an alert must hold, how often rules
        are evaluated, how long Alertmanager waits. The expressions of the rules are as they are.

        Type the name of a scenario, then "next" for its next stage or "repair":
        %s
        Ctrl-C ends all.
        """
        .formatted(
            stand.guide(),
            watchers.prometheus(),
            watchers.alertmanager(),
            HASTE.factor(),
            Scenarios.all().stream()
                .map(story -> "  %-24s %s".formatted(story.name(), story.says()))
                .collect(Collectors.joining("\n")));
  }

  /** Hears what is typed, for as long as this runs. */
  private static void listen(Replay replay) {
    var thread =
        new Thread(
            () ->
                new BufferedReader(new InputStreamReader(System.in, UTF_8))
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> choose(replay, line)),
            "demo-terminal");
    thread.setDaemon(true);
    thread.start();
  }

  private static void choose(Replay replay, String line) {
    try {
      switch (line) {
        case "next" -> replay.next();
        case "repair" -> replay.repair();
        default -> replay.start(Scenarios.story(line));
      }
      System.out.println("--- " + replay.now().says());
    } catch (IllegalArgumentException e) {
      System.out.println(e.getMessage());
    }
  }

  /** What an earlier demo remembers would page for it. */
  private static Path emptied(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(folder);
  }
}
