package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Incidents that were recorded once from {@code /api/v1/evidence}, as the doctor reads them. */
class ReplayedIncidentsTest {
  @TempDir Path directory;

  static Stream<Path> incidents() throws IOException, URISyntaxException {
    var folder = ReplayedIncidentsTest.class.getResource("/io/eksnet/diagnosis/incidents");
    try (var files = Files.list(Path.of(folder.toURI()))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("incidents")
  void aRecordedIncidentStillHasTheCausesBesideIt(Path incident) throws IOException {
    var name = incident.getFileName().toString().replace(".json", ".causes");
    var expected = Files.readAllLines(incident.resolveSibling(name));
    var out = new StringWriter();

    var exit = doctor(incident, out, "--output=json");

    var found = new TreeSet<String>();
    for (var finding : new JsonObject(out.toString()).getJsonArray("findings")) {
      found.add(((JsonObject) finding).getString("cause"));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(exit).isEqualTo(expected.isEmpty() ? 0 : 1);
  }

  @Test
  void rejectsFileThatIsNoEvidenceWithThePlace() throws IOException {
    var file = directory.resolve("evidence.json");
    assertThat(refused(file)).contains("the evidence cannot be read");
    Files.writeString(
        file, "{\"version\": 5, \"now\": \"2026-11-21T12:00:00Z\", \"inventory\": {}}");
    assertThat(refused(file))
        .contains("Evidence.agents: Missing required creator property 'agents'");
    Files.writeString(
        file,
        "{\"version\": 5, \"now\": \"2026-11-21T12:00:00Z\", \"inventory\": {}, \"agents\": [],"
            + " \"baselines\": [], \"no\\u001b[2Jw\": 1}");
    assertThat(refused(file)).contains("no?[2Jw").doesNotContain("\u001b");
  }

  @Test
  void evidenceOfNothingIsNotAllClear() throws IOException {
    var file = directory.resolve("evidence.json");
    Files.writeString(
        file, "{\"now\": \"2026-11-21T12:00:00Z\", \"inventory\": {}, \"agents\": []}");
    var out = new StringWriter();

    assertThat(doctor(file, out)).isZero();
    assertThat(out.toString()).contains("Nothing was checked").doesNotContain("All clear");
  }

  private static String refused(Path file) {
    var out = new StringWriter();
    assertThat(doctor(file, out)).isEqualTo(1);
    return out.toString();
  }

  private static int doctor(Path file, StringWriter out, String... more) {
    var line = RootCommand.line(Map.of());
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    return line.execute(
        Stream.concat(Stream.of("doctor", "--evidence=" + file), Stream.of(more))
            .toArray(String[]::new));
  }
}
