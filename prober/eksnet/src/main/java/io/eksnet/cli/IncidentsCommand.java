package io.eksnet.cli;

import io.eksnet.agent.StartException;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that lists the incidents of a controller, or prints one of them. */
@Command(
    name = "incidents",
    description =
        "List the incidents that a controller keeps, newest first, or print one as Markdown.",
    mixinStandardHelpOptions = true,
    versionProvider = RootCommand.Version.class)
final class IncidentsCommand implements Callable<Integer> {
  private static final Pattern ID = Pattern.compile("inc-[0-9a-f-]{1,60}");

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "An incident, such as inc-20261129-0258-1f3a.")
  private @Nullable String id;

  @Mixin private ControllerClient controller = new ControllerClient();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    if (id == null) {
      list(out);
    } else if (ID.matcher(id).matches()) {
      out.print(controller.text("/api/v1/incidents/" + id + ".md"));
    } else {
      throw new StartException(
          "\"" + id + "\" is not the ID of an incident; eksnet incidents lists them");
    }
    out.flush();
    return 0;
  }

  private void list(PrintWriter out) {
    var incidents = controller.json("/api/v1/incidents").getJsonArray("incidents");
    if (incidents.isEmpty()) {
      out.println(
          "No incidents recorded. Incidents are kept in memory and lost when both replicas restart.");
    }
    for (var element : incidents) {
      var incident = (JsonObject) element;
      out.println(
          AnsiColor.PLAIN.paint(
              false,
              "%s  %s  %s"
                  .formatted(
                      incident.getString("id"),
                      incident.getString("closed", "open"),
                      String.join(
                          ", ",
                          incident.getJsonArray("causes").stream()
                              .map(String::valueOf)
                              .toList()))));
    }
  }
}
