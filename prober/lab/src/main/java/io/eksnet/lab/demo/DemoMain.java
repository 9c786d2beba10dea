package io.eksnet.lab.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.world.LabEnvironment;
import io.eksnet.lab.world.LabOptions;
import io.eksnet.lab.world.ScenarioPlayer;
import io.eksnet.lab.world.Scenarios;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lab with eksnet, Prometheus and Alertmanager, which prints the notifications: {@code make
 * demo}. Runs in the directory that contains {@code dashboards}.
 */
public final class DemoMain {
  private static final SpeedUp SPEED_UP = new SpeedUp(4);

  private DemoMain() {}

  /** Runs until eksnet ends or a signal arrives. */
  public static void main(String[] args) {
    LabOptions.run("demo", DemoMain::run, args);
  }

  private static int run(LabOptions options) throws Exception {
    // Prometheus must not alert on the data of an earlier run.
    var work = recreate(options.work().resolve("monitoring"));
    try (var environment = LabEnvironment.start(options);
        var receiver = WebhookReceiver.start(work, DemoMain::print)) {
      while (!environment.awaitReady()) {
        if (!environment.isAlive()) {
          return environment.awaitEnd();
        }
      }
      try (var monitoring =
          MonitoringStack.start(
              Path.of("dashboards"), work, SPEED_UP, targets(environment), receiver)) {
        var scenarios = environment.cluster().scenarios();
        System.out.println(describe(environment, monitoring));
        options.scenario().ifPresent(scenarios::play);
        readCommands(scenarios);
        return environment.awaitEnd();
      }
    }
  }

  /** The dead man's switch fires all the time. */
  private static void print(AlertNotification notification) {
    if (!notification.receiver().equals("dead-mans-switch")) {
      System.out.println(notification.text());
    }
  }

  private static List<ScrapeTarget> targets(LabEnvironment environment) {
    var state = environment.cluster().state();
    return environment.instances().stream()
        .map(
            instance ->
                new ScrapeTarget(
                    instance.address(),
                    "lab",
                    instance.node(),
                    state.get(Node.class, instance.node()).zone()))
        .toList();
  }

  private static String describe(LabEnvironment environment, MonitoringStack monitoring) {
    return """

        The lab is running, eksnet probes it, and alert notifications are printed here.

        %s  Prometheus       %s/alerts
          Alertmanager     %s/#/alerts

        Alerts hold, rules evaluate and Alertmanager groups %d times faster than in production.
        Rule expressions are unchanged.

        Type the name of a scenario to play it, then "next" for its next stage or "repair":
        %s
        Press Ctrl-C to stop.
        """
        .formatted(
            environment.describe(),
            monitoring.prometheusUrl(),
            monitoring.alertmanagerUrl(),
            SPEED_UP.factor(),
            Scenarios.all().stream()
                .map(scenario -> "  %-24s %s".formatted(scenario.name(), scenario.description()))
                .collect(Collectors.joining("\n")));
  }

  private static void readCommands(ScenarioPlayer scenarios) {
    var thread =
        new Thread(
            () ->
                new BufferedReader(new InputStreamReader(System.in, UTF_8))
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> execute(scenarios, line)),
            "demo-terminal");
    thread.setDaemon(true);
    thread.start();
  }

  private static void execute(ScenarioPlayer scenarios, String command) {
    try {
      switch (command) {
        case "next" -> scenarios.next();
        case "repair" -> scenarios.repair();
        default -> scenarios.start(Scenarios.load(command));
      }
      System.out.println("--- " + scenarios.progress().describe());
    } catch (IllegalArgumentException e) {
      System.out.println(e.getMessage());
    }
  }

  private static Path recreate(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (var files = Files.walk(directory)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(directory);
  }
}
