package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.agent.StartException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
  private static final int TIMEOUT_MILLIS = 10_000;

  /** 200 incidents in a list, or one incident with everything that is kept of it. */
  private static final int MAX_BYTES = 16 << 20;

  private static final Pattern ID = Pattern.compile("inc-[0-9a-f-]{1,60}");

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "An incident, such as inc-20261129-0258-1f3a.")
  private @Nullable String id;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://localhost:9853",
      description = "Where the controller serves its endpoints (default: ${DEFAULT-VALUE}).")
  private URI url = URI.create("http://localhost:9853");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    if (id == null) {
      list(out);
    } else if (ID.matcher(id).matches()) {
      out.print(get("/api/v1/incidents/" + id + ".md"));
    } else {
      throw new StartException(
          "\"" + id + "\" is not the ID of an incident; eksnet incidents lists them");
    }
    out.flush();
    return 0;
  }

  private void list(PrintWriter out) {
    var incidents = incidents(get("/api/v1/incidents"));
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

  private JsonArray incidents(String body) {
    try {
      return new JsonObject(body).getJsonArray("incidents", new JsonArray());
    } catch (DecodeException | ClassCastException e) {
      throw new StartException(url + " is no controller of eksnet: " + e.getMessage());
    }
  }

  private String get(String path) {
    try {
      var target = URI.create(url.toString().replaceAll("/+$", "") + path).toURL();
      if (!(target.openConnection() instanceof HttpURLConnection connection)) {
        throw new StartException("--url must begin with http:// or https://");
      }
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setInstanceFollowRedirects(false);
      var status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new StartException(target + " responded with status " + status + remedy(status));
      }
      try (var in = connection.getInputStream()) {
        return new String(in.readNBytes(MAX_BYTES), UTF_8);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException(
          "cannot read " + url + path + ": " + e + "; is the port-forward running?");
    }
  }

  private static String remedy(int status) {
    return switch (status) {
      case HttpURLConnection.HTTP_NOT_FOUND ->
          "; it keeps no such incident, or is an agent: list them with eksnet incidents";
      case HttpURLConnection.HTTP_UNAVAILABLE -> "; it has no data yet, retry";
      default -> "";
    };
  }
}
