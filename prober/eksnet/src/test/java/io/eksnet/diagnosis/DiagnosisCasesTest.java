package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.world.LabScenario;
import io.eksnet.lab.world.LabScenario.Stage;
import io.eksnet.lab.world.Scenarios;
import io.eksnet.model.diagnosis.Confidence;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scenarios of the lab and the cases beside this test, in the same format: each stage is a state of
 * a cluster, with the causes that must, may and must not be found in it. A case is a cause with a
 * part of it broken, or a healthy cluster that looks like it.
 */
class DiagnosisCasesTest {
  /** Scenarios that need faults of load balancers or of APIs; the real program runs them. */
  private static final Set<String> WITH_REAL_SERVERS =
      Set.of(
          "alb-sg-blocked",
          "alb-health-path",
          "nlb-health-path",
          "alb-slow-start",
          "lb-certificate",
          "rolling-deploy",
          "service-no-endpoints",
          "scale-to-zero",
          "node-churn",
          "aws-throttled");

  private static final String PAGE_HEADER =
      """
      # Diagnosis cases

      `DiagnosisCasesTest` generates this page. Each case is a state of the lab's cluster that the
      real Kubernetes and AWS clients read. The test fails if an expected cause is not found with
      high confidence, or if any other cause is found that the case does not allow. It also removes
      each resource in turn: no finding with high confidence may then be wrong.

      | Scenario or table | Case | Expected | Found |
      |---|---|---|---|
      """;

  private static final Map<String, Evidence> EVIDENCE = new HashMap<>();

  private static LabEvidence lab;

  /** A stage of a scenario. */
  record Case(String scenario, Stage stage) {
    boolean mayFind(String cause) {
      return stage.finds().contains(cause) || stage.may().contains(cause);
    }

    @Override
    public String toString() {
      return scenario + ": " + stage.description();
    }
  }

  @BeforeAll
  static void start() throws IOException {
    lab = new LabEvidence();
  }

  @AfterAll
  static void stop() {
    lab.close();
    EVIDENCE.clear();
  }

  static Stream<Case> cases() throws IOException {
    try (var files = Files.list(Path.of("src/test/resources/io/eksnet/diagnosis/cases"))) {
      var tables = files.sorted().map(file -> Scenarios.load(file.toString())).toList();
      return Stream.concat(Scenarios.all().stream(), tables.stream())
          .filter(scenario -> !WITH_REAL_SERVERS.contains(scenario.name()))
          .flatMap(DiagnosisCasesTest::cases)
          .toList()
          .stream();
    }
  }

  private static Stream<Case> cases(LabScenario scenario) {
    return scenario.stages().stream().map(stage -> new Case(scenario.name(), stage));
  }

  @ParameterizedTest
  @MethodSource({"cases", "pairs"})
  void findsWhatIsExpectedAndNothingElse(Case one) throws Exception {
    var evidence = evidence(one);

    var findings = Diagnosis.of(evidence);

    assertThat(causes(findings, true)).containsAll(one.stage().finds());
    assertThat(causes(findings, false)).allMatch(one::mayFind);
  }

  @ParameterizedTest
  @MethodSource({"cases", "pairs"})
  void isNotWrongWithHighConfidenceWithoutOneResource(Case one) throws Exception {
    var evidence = evidence(one);
    for (var resource : evidence.inventory().resources()) {
      assertThat(causes(Diagnosis.of(without(evidence, resource)), true))
          .as("without %s", resource.name())
          .allMatch(one::mayFind);
    }
  }

  @Test
  void theTableInTheDocsIsFresh() throws Exception {
    var page = new StringBuilder(PAGE_HEADER);
    for (var one : Stream.concat(cases(), pairs()).toList()) {
      var found = causes(Diagnosis.of(evidence(one)), false);
      page.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  one.scenario(),
                  one.stage().description(),
                  list(one.stage().finds()),
                  list(found)));
    }
    Files.writeString(Path.of("target/diagnosis-cases.md"), page);

    assertThat(Path.of("../../docs/diagnosis-cases.md"))
        .as("copy prober/eksnet/target/diagnosis-cases.md to docs after a look at the changes")
        .hasContent(page.toString());
  }

  /** Each case is read once. */
  private static Evidence evidence(Case one) throws Exception {
    var known = EVIDENCE.get(one.toString());
    if (known == null) {
      known = lab.of(one.stage().change().apply(lab.healthy()));
      EVIDENCE.put(one.toString(), known);
    }
    return known;
  }

  /** Incidents with nothing in common: neither hides the other. */
  static Stream<Case> pairs() {
    return Stream.of(
        pair("coredns-failing", "ip-exhaustion"),
        pair("coredns-scaled-to-zero", "pod-identity-namespace"),
        pair("vpc-dns-throttle", "pod-slots-full"),
        pair("subnet-tags", "karpenter-template"));
  }

  private static Case pair(String first, String second) {
    var one = Scenarios.load(first).stages().get(0);
    var other = Scenarios.load(second).stages().get(0);
    return new Case(
        first + " and " + second,
        new Stage(
            "both at the same time",
            Optional.empty(),
            state -> other.change().apply(one.change().apply(state)),
            union(one.finds(), other.finds()),
            union(one.may(), other.may()),
            List.of()));
  }

  private static List<String> union(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).distinct().toList();
  }

  private static String list(Collection<String> causes) {
    return causes.isEmpty()
        ? "none"
        : causes.stream().map(cause -> "`" + cause + "`").collect(Collectors.joining(", "));
  }

  private static Set<String> causes(List<Finding> findings, boolean onlyHigh) {
    return findings.stream()
        .filter(finding -> !onlyHigh || finding.confidence().percent() >= Confidence.HIGH)
        .map(finding -> finding.cause().label())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static <T> Evidence without(Evidence evidence, Resource<T> resource) {
    var unread =
        Snapshot.<T>notYet(Duration.ofMinutes(1))
            .after(new Unavailable(Unavailable.Reason.TIMEOUT, "in the test"));
    Inventory rest = evidence.inventory().with(resource, unread);
    return new Evidence(evidence.now(), rest, evidence.agents());
  }
}
