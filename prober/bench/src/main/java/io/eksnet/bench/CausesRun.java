package io.eksnet.bench;

import io.eksnet.lab.ChildProcess;
import io.eksnet.lab.world.ClusterLab;
import io.eksnet.lab.world.EksnetDeployment;
import io.eksnet.lab.world.LabScenario;
import io.eksnet.lab.world.LabScenario.Stage;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lab's cluster at its true pace, and a controller and agents that keep their own intervals.
 */
final class CausesRun implements AutoCloseable {
  private static final int AGENTS = 3;
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration TIMEOUT = Duration.ofMinutes(6);

  /** As long as nearly all sources take to be read once more, so that no story meets another. */
  private static final Duration CALM = Duration.ofSeconds(65);

  private final ClusterLab lab = ClusterLab.start();
  private final List<ChildProcess> children = new ArrayList<>();
  private final ScrapeClient web;

  private CausesRun(Path eksnet, Path work) throws Exception {
    try {
      var first = ChildProcess.claim(0);
      web = new ScrapeClient(Integer.parseInt(first.substring(first.indexOf(':') + 1)));
      var seats = EksnetDeployment.prepare(lab, work, first, AGENTS).instances();
      for (var seat : seats) {
        Files.writeString(seat.config(), withDefaults(Files.readString(seat.config())));
        var role = seat.address().equals(first) ? "standalone" : "agent";
        children.add(
            ChildProcess.start(eksnet, role, seat.config(), seat.address(), seat.environment()));
      }
      Waiting.until("the first diagnosis", this::isDiagnosed);
      if (!awaitCalm(new CausesRow("start", List.of()))) {
        throw new IllegalStateException("findings before anything is wrong: " + findings());
      }
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  static CausesRun start(Path eksnet, Path work) throws Exception {
    return new CausesRun(eksnet, work);
  }

  /** The config of the lab without what makes eksnet quicker. */
  static String withDefaults(String config) {
    return config
        .replaceAll("(interval|timeout|every): \\d+m?s(, )?", "")
        .replaceAll("(?m)^polls: .*\n", "");
  }

  /** From a healthy cluster to a healthy cluster. */
  CausesRow play(LabScenario story) throws InterruptedException {
    var healthy = lab.state();
    var row = new CausesRow(story.name(), story.allowed());
    for (var stage : story.stages()) {
      lab.change(state -> stage.change().apply(healthy));
      watch(stage, row);
    }
    lab.change(state -> healthy);
    if (!awaitCalm(row)) {
      row.neverClear();
    }
    return row;
  }

  /** Until all is found that must be, and long enough to see what else is. */
  private void watch(Stage stage, CausesRow row) throws InterruptedException {
    var began = System.nanoTime();
    var least = began + CALM.toNanos();
    var most = began + TIMEOUT.toNanos();
    while (System.nanoTime() < least
        || (!row.isSureOf(stage.finds()) && System.nanoTime() < most)) {
      row.saw(stage.finds(), findings(), System.nanoTime() - began);
      Thread.sleep(LOOK.toMillis());
    }
  }

  /** Whether nothing was found any more, for long enough. */
  private boolean awaitCalm(CausesRow row) throws InterruptedException {
    var repaired = System.nanoTime();
    var last = repaired;
    while (System.nanoTime() - last < CALM.toNanos()) {
      if (System.nanoTime() - repaired > TIMEOUT.toNanos()) {
        return false;
      }
      var findings = findings();
      if (!findings.isEmpty()) {
        last = System.nanoTime();
        row.stillSaw(findings, last - repaired);
      }
      Thread.sleep(LOOK.toMillis());
    }
    return true;
  }

  private boolean isDiagnosed() {
    try {
      findings();
      return true;
    } catch (IllegalStateException | UncheckedIOException e) {
      return false; // not listening, or nothing is known yet
    }
  }

  /** The causes found now, each with its confidence. */
  private Map<String, String> findings() {
    var list = new JsonObject(web.page("/api/v1/findings")).getJsonArray("findings");
    var found = new TreeMap<String, String>();
    for (var i = 0; i < list.size(); i++) {
      var finding = list.getJsonObject(i);
      found.put(finding.getString("cause"), finding.getString("confidence"));
    }
    return found;
  }

  @Override
  public void close() {
    children.forEach(ChildProcess::close);
    lab.close();
  }
}
