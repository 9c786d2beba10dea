package io.eksnet.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.cli.CommandLineCheck;
import io.eksnet.model.diagnosis.RootCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunbooksTest {
  private static final List<String> SECTIONS =
      List.of("## Meaning", "## Impact", "## Diagnosis", "## Mitigation");
  private static final Pattern LINK = Pattern.compile("\\]\\((EksNet\\w+\\.md)(?:#(\\w+))?\\)");
  private static final Pattern SECTION = Pattern.compile("(?m)^## .*$");
  private static final Pattern HEADING = Pattern.compile("(?m)^### `(.+)`$");
  private static final Pattern CAUSE = Pattern.compile("(?m)^- `([a-z0-9_]+)`: ");
  private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
  private static final Pattern QUERIES = Pattern.compile("(?ms)^```promql\\n(.*?)^```");
  private static final Pattern STEP = Pattern.compile("(?m)^(\\d+)\\. ");
  private static final Pattern PROGRAM = Pattern.compile("(?m)^ +eksnet (.*)$");

  @Test
  void everyAlertHasOneAndEveryOneHasAnAlert() throws Exception {
    var alerts =
        new TreeSet<>(Dashboards.alerts().stream().flatMap(r -> r.alert().stream()).toList());

    assertThat(Dashboards.files("runbooks", ".md"))
        .extracting(file -> file.getFileName().toString().replace(".md", ""))
        .containsExactlyElementsOf(alerts);
  }

  @Test
  void eachHasItsSectionsWithCommandsAndLeadsSomewhere() throws Exception {
    for (var file : Dashboards.files("runbooks", ".md")) {
      var text = Files.readString(file);
      assertThat(text).as("%s", file).startsWith("# " + name(file.toString()) + "\n");
      assertThat(SECTION.matcher(text).results().map(MatchResult::group))
          .containsExactlyElementsOf(SECTIONS);
      assertThat(text.substring(text.indexOf("## Diagnosis"))).contains("```sh\n");
      assertThat(LINK.matcher(text).results().map(link -> link.group(1)))
          .allSatisfy(link -> assertThat(file.resolveSibling(link)).exists());
    }
  }

  @Test
  void eachLeadsByNumberedStepsToItsEnd() throws Exception {
    for (var file : Dashboards.files("runbooks", ".md")) {
      var text = Files.readString(file);
      assertThat(text).as("%s", file).contains("Fixed when ", "Escalate when ");
      if (!file.endsWith("EksNetDiagnosis.md")) {
        var diagnosis = text.substring(text.indexOf("## Diagnosis"), text.indexOf("## Mitigation"));
        var steps = STEP.matcher(diagnosis).results().map(step -> step.group(1)).toList();
        assertThat(steps)
            .as("%s", file)
            .hasSizeGreaterThan(1)
            .isEqualTo(IntStream.rangeClosed(1, steps.size()).mapToObj(String::valueOf).toList());
        assertThat(diagnosis)
            .as("%s", file)
            .contains("```sh\nexport CLUSTER=", "\nExpected: ")
            .containsPattern("dashboard \\[`eksnet-[a-z-]+`]\\(\\.\\./grafana/[a-z-]+\\.json\\)");
      }
    }
  }

  @Test
  void linksToFixesLeadToTheHeadingOfTheirCause() throws Exception {
    var causes = Arrays.stream(RootCause.values()).map(RootCause::label).toList();

    for (var file : Dashboards.files("runbooks", ".md")) {
      assertThat(
              LINK.matcher(Files.readString(file))
                  .results()
                  .filter(link -> link.group(2) != null)
                  .map(link -> link.group(1) + "#" + link.group(2)))
          .as("%s", file)
          .isSubsetOf(causes.stream().map("EksNetDiagnosis.md#"::concat).toList());
    }
  }

  @Test
  void commandsAreShellWithoutPlaceholdersAndPublicImages(@TempDir Path directory)
      throws Exception {
    for (var file : Dashboards.files("runbooks", ".md")) {
      for (var block : blocks(COMMANDS, file)) {
        var checked = Command.run(directory, "sh", "-n", "-c", block);
        assertThat(checked.exit()).as("%s: %s%s", file, block, checked.output()).isZero();
        assertThat(block)
            .as("%s", file)
            .doesNotContainPattern("<[a-z]|--image=|(?m)^# .*\\bby \\(");
      }
    }
  }

  @Test
  void queriesAreValid(@TempDir Path directory) throws Exception {
    var rules = new StringBuilder("groups:\n  - name: runbooks\n    rules:\n");
    for (var file : Dashboards.files("runbooks", ".md")) {
      for (var query : blocks(QUERIES, file)) {
        rules
            .append("      - record: runbook:query\n        labels: {n: \"")
            .append(rules.length())
            .append("\"}\n        expr: |\n")
            .append(query.indent(10));
      }
    }
    Files.writeString(directory.resolve("queries.yaml"), rules);

    var checked = Command.run(directory, "promtool", "check", "rules", "queries.yaml");

    assertThat(checked.exit()).as(checked.output()).isZero();
  }

  @ParameterizedTest
  @EnumSource(RootCause.class)
  void everyCauseIsReachedFromTheRunbookOfAnAlert(RootCause cause) throws Exception {
    var books =
        Dashboards.files("runbooks", ".md").stream()
            .filter(file -> !file.endsWith("EksNetDiagnosis.md"))
            .filter(file -> read(file).contains("\n- `" + cause.label() + "`: "))
            .toList();

    assertThat(books).isNotEmpty();
  }

  @Test
  void everyCauseHasAHeadingForTheLinksOfDashboards() throws Exception {
    var book = Files.readString(Dashboards.ROOT.resolve("runbooks/EksNetDiagnosis.md"));

    assertThat(HEADING.matcher(book).results().map(heading -> heading.group(1)))
        .containsExactlyElementsOf(
            Arrays.stream(RootCause.values()).map(RootCause::label).toList());
    for (var cause : RootCause.values()) {
      assertThat(book)
          .containsPattern(
              "### `%s`\n\nMeaning: %s\\.\n\nFix: \\S"
                  .formatted(cause.label(), Pattern.quote(cause.meaning())));
      assertThat(cause.label()).as("a heading and its anchor are the same").matches("[a-z0-9_]+");
    }
  }

  @Test
  void theyNameNoOtherCauses() throws Exception {
    var causes = Arrays.stream(RootCause.values()).map(RootCause::label).toList();

    assertThat(
            Dashboards.files("runbooks", ".md").stream()
                .flatMap(file -> CAUSE.matcher(read(file)).results())
                .map(cause -> cause.group(1)))
        .isSubsetOf(causes);
  }

  @Test
  void theirCommandsRunWhereYouAreAndNotInTheImage() throws Exception {
    for (var file : Dashboards.files("runbooks", ".md")) {
      var commands = blocks(COMMANDS, file);
      assertThat(commands).as("%s", file).isNotEmpty();
      assertThat(commands)
          .as("%s", file)
          .allSatisfy(
              block ->
                  assertThat(block)
                      .doesNotContain(
                          "<namespace of eksnet>", "http://<controller>", "http://<agent>")
                      .doesNotContainPattern("(?m)^eksnet |kubectl.* exec "));
    }
  }

  @Test
  void theirCommandsForEksnetAreOnesThatItTakes(@TempDir Path directory) throws Exception {
    var config = Files.createFile(directory.resolve("eksnet.yaml"));
    var commands =
        Dashboards.files("runbooks", ".md").stream()
            .flatMap(file -> PROGRAM.matcher(read(file)).results())
            .map(found -> found.group(1).replace(" --config.check", ""))
            .collect(Collectors.toSet());

    assertThat(commands)
        .containsExactlyInAnyOrder(
            "doctor --config.file=/etc/eksnet/eksnet.yaml",
            "agent --config.file=/etc/eksnet/eksnet.yaml");
    for (var command : commands) {
      var arguments = command.replace("/etc/eksnet/eksnet.yaml", config.toString()).split(" ");
      assertThat(CommandLineCheck.complaints(Map.of(), List.of(arguments))).as(command).isEmpty();
    }
  }

  private static List<String> blocks(Pattern language, Path file) {
    return language.matcher(read(file)).results().map(block -> block.group(1)).toList();
  }

  private static String name(String file) {
    return Stream.of(file.split("/"))
        .reduce((folder, last) -> last)
        .orElseThrow()
        .replace(".md", "");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
