package io.eksnet.soak;

import io.eksnet.cli.ExpositionSamples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Checks the processes again and again, and keeps what must never be. */
final class Watch {
  private static final Pattern COUNTER = Pattern.compile(".+_(total|count|sum|bucket)");

  /** Three diagnoses. */
  private static final Duration LATE = Duration.ofSeconds(9);

  private final World world;
  private final Set<String> wrong = new LinkedHashSet<>();
  private final Map<Long, Map<String, Double>> counters = new HashMap<>();
  private Set<String> lacking = Set.of();
  private double tasks;
  private long checks;
  private String counted = "";

  Watch(World world) {
    this.world = world;
  }

  /** What was wrong, in its order. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  long checks() {
    return checks;
  }

  /** The counts when they were compared last. */
  String counted() {
    return counted;
  }

  /** Checks everything; only these causes may be found. */
  void check(Supplier<Set<String>> causes) throws IOException {
    checks++;
    check(world.agent());
    for (var controller : world.controllers()) {
      check(controller);
    }
    checkForTwoLeaders();
    var found = findings();
    var may = causes.get();
    for (var finding : found) {
      if (!may.contains(finding.getString("cause"))) {
        wrong.add("a finding of nothing that was done: " + finding.encode());
      }
    }
  }

  /** Checks the counters of one process. */
  void check(Instance instance) throws IOException {
    if (instance.ended() && instance.answers()) {
      throw new IOException("a process of eksnet ended");
    }
    if (!instance.ready()) {
      return;
    }
    var page = instance.page();
    if (instance == world.agent()) {
      world.counts().forEach(count -> count.read(instance.pid(), page));
    }
    var before = counters.put(instance.pid(), counters(page));
    if (before != null) {
      counters(page)
          .forEach(
              (series, value) -> {
                if (value < before.getOrDefault(series, 0.0)) {
                  wrong.add(
                      "a counter fell from " + before.get(series) + " to " + value + ": " + series);
                }
              });
    }
  }

  /** Compares what was counted with what the services received. */
  void count() throws IOException {
    var seen = world.counts().stream().map(Counts::seen).toList();
    check(world.agent());
    counted = world.counts().toString();
    for (var i = 0; i < seen.size(); i++) {
      wrong.addAll(world.counts().get(i).wrong(seen.get(i)));
    }
  }

  /** Takes what is known and probed now for what must be known and probed when all is well. */
  void remember() throws IOException {
    lacking = lacks();
    tasks = world.agent().page().sum("eksnet_tasks", Map.of());
  }

  /** What keeps all from being well; empty: nothing. */
  Set<String> ailments() throws IOException {
    var ailments = new TreeSet<String>();
    if (!world.agent().ready()) {
      return Set.of("no agent");
    }
    var page = world.agent().page();
    var success = page.of("eksnet_probe_success", Map.of());
    if (success.size() != 4) {
      ailments.add(success.size() + " verdicts");
    }
    for (var sample : success) {
      if (sample.value() != 1) {
        ailments.add("a probe fails: " + sample.labels());
      }
    }
    if (!(page.sum("eksnet_plan_age_seconds", Map.of()) < 10)) {
      ailments.add("an old plan");
    }
    if (page.sum("eksnet_tasks", Map.of()) < tasks) {
      ailments.add("tasks: " + page.sum("eksnet_tasks", Map.of()) + " of " + tasks);
    }
    reloaded(page, "agent", ailments);
    var leaders = 0;
    for (var controller : world.controllers()) {
      if (controller.ready()) {
        var own = controller.page();
        reloaded(own, "controller", ailments);
        if (own.sum("eksnet_leader", Map.of()) == 1) {
          leaders++;
          if (own.sum("eksnet_agents_reporting", Map.of()) != 1) {
            ailments.add("no agent reports");
          }
        }
      } else {
        ailments.add("a controller does not answer");
      }
    }
    if (leaders != 1) {
      ailments.add(leaders + " leaders");
    }
    var lacks = new TreeSet<>(lacks());
    lacks.removeAll(lacking);
    lacks.forEach(lack -> ailments.add("not known: " + lack));
    findings().forEach(finding -> ailments.add("found: " + finding.getString("cause")));
    if (!diagnosedOfLate()) {
      ailments.add("no recent diagnosis");
    }
    return ailments;
  }

  /** Absent findings prove nothing while no diagnosis runs. */
  private boolean diagnosedOfLate() throws IOException {
    var at = ofLeader("/api/v1/findings").getString("at");
    return at != null
        && Duration.between(Instant.parse(at), Instant.now()).abs().compareTo(LATE) < 0;
  }

  private static void reloaded(ExpositionSamples page, String who, Set<String> ailments) {
    if (page.sum("eksnet_config_last_reload_successful", Map.of()) != 1) {
      ailments.add(who + " has a broken config");
    }
  }

  /** One after the other cannot be seen at once: two lead if the first still does afterwards. */
  private void checkForTwoLeaders() throws IOException {
    for (var round = 0; round < 2; round++) {
      for (var controller : world.controllers()) {
        if (!controller.ready() || !controller.leads()) {
          return;
        }
      }
    }
    wrong.add("two lead at once");
  }

  private List<JsonObject> findings() throws IOException {
    return ofLeader("/api/v1/findings").getJsonArray("findings", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  /** The parts that the cluster has, and that are not known or could not be read the last time. */
  private Set<String> lacks() throws IOException {
    var parts = ofLeader("/api/v1/inventory").getJsonObject("parts");
    if (parts == null) {
      return Set.of("anything");
    }
    var lacking = new HashSet<String>();
    for (var name : parts.fieldNames()) {
      var lack = parts.getJsonObject(name).getJsonObject("lack");
      if (lack != null && !"absent".equals(lack.getString("why"))) {
        lacking.add(name);
      }
    }
    return lacking;
  }

  private JsonObject ofLeader(String path) throws IOException {
    for (var controller : world.controllers()) {
      if (controller.ready()) {
        var answer = controller.get(path);
        if (answer.statusCode() == 200) {
          return new JsonObject(answer.body());
        }
      }
    }
    return new JsonObject();
  }

  private static Map<String, Double> counters(ExpositionSamples page) {
    var counters = new HashMap<String, Double>();
    for (var sample : page.all()) {
      if (COUNTER.matcher(sample.name()).matches()) {
        counters.put(sample.name() + sample.labels(), sample.value());
      }
    }
    return counters;
  }
}
