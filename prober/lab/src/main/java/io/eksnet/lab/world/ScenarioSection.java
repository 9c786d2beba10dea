package io.eksnet.lab.world;

import static java.util.stream.Collectors.joining;

import io.eksnet.lab.Html;
import io.eksnet.lab.Section;
import io.eksnet.lab.change.Meant;
import io.eksnet.lab.world.Scenarios.Stage;
import io.eksnet.lab.world.Scenarios.Story;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part of the control page that shows the scenarios, and switches them. */
final class ScenarioSection implements Section {
  private final Replay replay;
  private final Map<String, Story> stories = new LinkedHashMap<>();

  /** With the lab's own, and perhaps one more. */
  ScenarioSection(Replay replay, Optional<Story> more) {
    this.replay = replay;
    Scenarios.all().forEach(story -> stories.put(story.name(), story));
    more.ifPresent(story -> stories.put(story.name(), story));
  }

  @Override
  public Optional<JsonObject> show(String path) {
    return path.equals("/api/scenarios") ? Optional.of(json()) : Optional.empty();
  }

  @Override
  public Optional<String> change(String path) {
    if (path.equals("/next")) {
      replay.next();
    } else if (path.equals("/repair")) {
      replay.repair();
    } else if (path.startsWith("/scenario/")) {
      replay.start(named(path.substring("/scenario/".length())));
    } else {
      return Optional.empty();
    }
    return Optional.of(replay.now().says());
  }

  @Override
  public String html(String self) {
    return """
        <h2>Scenarios</h2>
        <p>%s</p>
        <ul>
        %s
        </ul>
        <pre>curl -X POST %s/scenario/coredns-fargate
        curl -X POST %s/next
        curl -X POST %s/repair
        curl %s/api/scenarios</pre>
        <h2>Services</h2>
        """
        .formatted(
            Html.escaped(replay.now().says()),
            stories.values().stream().map(this::card).collect(joining("\n")),
            self,
            self,
            self,
            self);
  }

  private Story named(String name) {
    var story = stories.get(name);
    if (story == null) {
      throw new IllegalArgumentException(
          "no scenario \"" + name + "\"" + Meant.of(name, stories.keySet()));
    }
    return story;
  }

  private String card(Story story) {
    var now = replay.now();
    var on = now.story().filter(story::equals).isPresent();
    return """
        <li id="scenario-%1$s" class="%2$s">
        <h2>%1$s</h2>
        <p>%3$s</p>
        %4$s
        <div class="acts">%5$s</div>
        </li>"""
        .formatted(
            Html.escaped(story.name()),
            on && now.stage() > 0 ? "ill" : "well",
            Html.escaped(story.says()),
            expected(story, on ? now.on() : Optional.empty()),
            on ? acts(now) : act("/scenario/" + story.name(), "Replay " + story.name()));
  }

  private static String acts(Replay.Now now) {
    var next = now.following().map(stage -> act("/next", "Next: " + stage.says())).orElse("");
    return next + act("/repair", "Repair");
  }

  private static String act(String path, String words) {
    return "<form method=\"post\" action=\"%s\"><button>%s</button></form>"
        .formatted(Html.escaped(path), Html.escaped(words));
  }

  private static String expected(Story story, Optional<Stage> on) {
    return story.stages().isEmpty()
        ? "<p class=\"dim\">No finding must come.</p>"
        : story.stages().stream()
            .map(stage -> expected(stage, on.filter(stage::equals).isPresent()))
            .collect(joining("\n"));
  }

  private static String expected(Stage stage, boolean on) {
    return "<p%s>%s%s%s%s</p>"
        .formatted(
            on ? " aria-current=\"step\" class=\"state\"" : " class=\"dim\"",
            on ? "Now. " : "",
            stage.finds().isEmpty()
                ? "No finding must come."
                : causes("Must be found: ", stage.finds()),
            causes(" May be found: ", stage.may()),
            causes(" Would be wrong: ", stage.never()));
  }

  private static String causes(String words, List<String> causes) {
    return causes.isEmpty()
        ? ""
        : causes.stream()
            .map(cause -> "<code>" + Html.escaped(cause) + "</code>")
            .collect(joining(", ", words, "."));
  }

  private JsonObject json() {
    var now = replay.now();
    var all = new JsonArray();
    stories.values().forEach(story -> all.add(json(story)));
    return new JsonObject()
        .put("now", now.story().map(Story::name).orElse(null))
        .put("stage", now.stage())
        .put("scenarios", all);
  }

  private static JsonObject json(Story story) {
    var stages = new JsonArray();
    for (var stage : story.stages()) {
      stages.add(
          new JsonObject()
              .put("says", stage.says())
              .put("finds", new JsonArray(stage.finds()))
              .put("may", new JsonArray(stage.may()))
              .put("never", new JsonArray(stage.never())));
    }
    return new JsonObject()
        .put("name", story.name())
        .put("tells", story.says())
        .put("stages", stages);
  }
}
