package io.eksnet.lab.world;

import static io.eksnet.lab.ControlPageSection.escape;
import static java.util.stream.Collectors.joining;

import io.eksnet.lab.ControlPageSection;
import io.eksnet.lab.cluster.NearestName;
import io.eksnet.lab.world.LabScenario.Stage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The section of the control page that lists scenarios and plays them. */
final class ScenarioSection implements ControlPageSection {
  private final ScenarioPlayer player;
  private final Map<String, LabScenario> scenarios = new LinkedHashMap<>();

  /** The built-in scenarios, and optionally another one. */
  ScenarioSection(ScenarioPlayer player, Optional<LabScenario> additional) {
    this.player = player;
    Scenarios.all().forEach(scenario -> scenarios.put(scenario.name(), scenario));
    additional.ifPresent(scenario -> scenarios.put(scenario.name(), scenario));
  }

  @Override
  public Optional<JsonObject> get(String path) {
    return path.equals("/api/scenarios") ? Optional.of(json()) : Optional.empty();
  }

  @Override
  public Optional<String> post(String path) {
    if (path.equals("/next")) {
      player.next();
    } else if (path.equals("/repair")) {
      player.repair();
    } else if (path.startsWith("/scenario/")) {
      player.start(find(path.substring("/scenario/".length())));
    } else {
      return Optional.empty();
    }
    return Optional.of(player.progress().describe());
  }

  private LabScenario find(String name) {
    var scenario = scenarios.get(name);
    if (scenario == null) {
      throw new IllegalArgumentException(
          "no scenario \"" + name + "\"" + NearestName.suggest(name, scenarios.keySet()));
    }
    return scenario;
  }

  @Override
  public String html(String pageUrl) {
    return """
        <h2>Scenarios</h2>
        <p>%1$s</p>
        <ul>
        %2$s
        </ul>
        <pre>curl -X POST %3$s/scenario/coredns-fargate
        curl -X POST %3$s/next
        curl -X POST %3$s/repair
        curl %3$s/api/scenarios</pre>
        <h2>Services</h2>
        """
        .formatted(
            escape(player.progress().describe()),
            scenarios.values().stream().map(this::card).collect(joining("\n")),
            pageUrl);
  }

  private String card(LabScenario scenario) {
    var progress = player.progress();
    boolean current = progress.scenario().filter(scenario::equals).isPresent();
    var stages =
        scenario.stages().stream()
            .map(stage -> expected(stage, current && progress.stage().equals(Optional.of(stage))))
            .collect(joining("\n"));
    return """
        <li id="scenario-%1$s" class="%2$s">
        <h2>%1$s</h2>
        <p>%3$s</p>
        %4$s
        <div class="actions">%5$s</div>
        </li>"""
        .formatted(
            escape(scenario.name()),
            current && progress.stageNumber() > 0 ? "faulty" : "healthy",
            escape(scenario.description()),
            stages.isEmpty() ? "<p class=\"dim\">Expected: no finding.</p>" : stages,
            current
                ? progress
                        .nextStage()
                        .map(next -> button("/next", "Next: " + next.description()))
                        .orElse("")
                    + button("/repair", "Repair")
                : button("/scenario/" + scenario.name(), "Play " + scenario.name()));
  }

  private static String button(String path, String label) {
    return "<form method=\"post\" action=\"%s\"><button>%s</button></form>"
        .formatted(escape(path), escape(label));
  }

  private static String expected(Stage stage, boolean current) {
    return "<p%s>%s%s%s%s</p>"
        .formatted(
            current ? " aria-current=\"step\" class=\"state\"" : " class=\"dim\"",
            current ? "Current stage. " : "",
            stage.finds().isEmpty() ? "Expected: no finding." : causes("Expected: ", stage.finds()),
            causes(" Also allowed: ", stage.may()),
            causes(" Wrong: ", stage.never()));
  }

  private static String causes(String label, List<String> causes) {
    return causes.isEmpty()
        ? ""
        : causes.stream()
            .map(cause -> "<code>" + escape(cause) + "</code>")
            .collect(joining(", ", label, "."));
  }

  private JsonObject json() {
    var all = new JsonArray();
    scenarios.values().forEach(scenario -> all.add(json(scenario)));
    var progress = player.progress();
    return new JsonObject()
        .put("now", progress.scenario().map(LabScenario::name).orElse(null))
        .put("stage", progress.stageNumber())
        .put("scenarios", all);
  }

  private static JsonObject json(LabScenario scenario) {
    var stages = new JsonArray();
    for (var stage : scenario.stages()) {
      stages.add(
          new JsonObject()
              .put("says", stage.description())
              .put("finds", new JsonArray(stage.finds()))
              .put("may", new JsonArray(stage.may()))
              .put("never", new JsonArray(stage.never())));
    }
    return new JsonObject()
        .put("name", scenario.name())
        .put("tells", scenario.description())
        .put("stages", stages);
  }
}
