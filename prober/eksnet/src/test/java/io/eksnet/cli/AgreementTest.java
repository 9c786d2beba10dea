package io.eksnet.cli;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The field's reference and eksnet probe the same targets, and come to the same verdicts. */
class AgreementTest {
  private static final String TIMEOUT = "700ms";
  private static final Duration WAIT_TIMEOUT = Duration.ofMinutes(2);
  private static final double BOUND_SECONDS = 0.06;
  private static final int RUNS = 5;

  @TempDir static Path directory;

  private static Places places;
  private static AgreementCases cases;
  private static BlackboxExporter blackbox;
  private static Program eksnet;

  @BeforeAll
  static void startBoth() throws Exception {
    places = new Places(directory);
    cases = new AgreementCases(places);
    var all = all();
    assertThat(all).extracting(Case::id).doesNotHaveDuplicates();
    blackbox = BlackboxExporter.start(directory, modules(all));
    eksnet = Program.start(directory, config(all));
  }

  @AfterAll
  static void stopAll() {
    Stream.of(eksnet, blackbox, places).filter(Objects::nonNull).forEach(AgreementTest::close);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("same")
  void bothComeToTheSameVerdictForTheSameReason(Case both) throws Exception {
    assertThat(both.eksnetSucceeds()).isEqualTo(both.blackboxSucceeds());
    assertOutcomes(both);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("different")
  void whereTheyDifferItIsMeant(AgreementCases.Difference difference) throws Exception {
    assertOutcomes(difference.both());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("slow")
  void durationsOfSlowTargetsAreWithinTheBound(Case slow) throws Exception {
    var theirs = verdicts(slow);
    var ours = observations(slow);

    double duration = least(ours, seen -> seen.getDouble("duration_seconds"));
    assertThat(duration)
        .isGreaterThanOrEqualTo(Places.DELAY.toMillis() / 1e3 - 0.001)
        .isCloseTo(
            least(theirs, seen -> seen.value("probe_duration_seconds", Map.of())),
            within(BOUND_SECONDS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("slow")
  void theWaitForAnAnswerIsInTheSamePhase(Case slow) throws Exception {
    var theirs = verdicts(slow);
    var ours = observations(slow);

    double processing =
        least(ours, seen -> seen.getJsonObject("phases_seconds").getDouble("processing"));
    // The delay begins in the server, perhaps before a busy prober has seen its connection.
    assertThat(processing)
        .isGreaterThanOrEqualTo(Places.DELAY.toMillis() / 1e3 - BOUND_SECONDS)
        .isCloseTo(least(theirs, seen -> answering(slow, seen)), within(BOUND_SECONDS));
  }

  static List<Case> same() {
    return cases.same();
  }

  static List<AgreementCases.Difference> different() {
    return cases.different();
  }

  static List<Case> slow() {
    return cases.slow();
  }

  private static List<Case> all() {
    return Stream.of(
            same().stream(),
            different().stream().map(AgreementCases.Difference::both),
            slow().stream())
        .flatMap(Function.identity())
        .toList();
  }

  private static String config(List<Case> all) {
    return "defaults: {interval: 1s, timeout: %s}\nsuites: {dns: {enabled: false}}\nprobes:\n"
            .formatted(TIMEOUT)
        + all.stream().map(Case::probeYaml).collect(joining());
  }

  private static String modules(List<Case> all) {
    return "modules:\n" + all.stream().map(each -> each.moduleYaml(TIMEOUT)).collect(joining());
  }

  private static void assertOutcomes(Case both) throws Exception {
    var theirs = blackbox.probe(both.id(), both.blackboxTarget());
    assertThat(theirs.log()).contains(both.log());
    assertThat(theirs.succeeded()).as(theirs.log()).isEqualTo(both.blackboxSucceeds());
    assertThat(outcomes(both)).containsOnlyKeys(both.outcome());
    assertThat(eksnet.metrics().sum("eksnet_probe_success", Map.of("probe", both.id())))
        .isEqualTo(both.eksnetSucceeds() ? 1 : 0);
  }

  /** How often eksnet came to each outcome; the first run is left out, it meets a cold program. */
  private static Map<String, Double> outcomes(Case both) throws Exception {
    var first =
        Await.until("a run of " + both, WAIT_TIMEOUT, () -> counts(both), AgreementTest::any);
    return Await.until(
        "a second run of " + both,
        WAIT_TIMEOUT,
        () ->
            counts(both).entrySet().stream()
                .filter(count -> count.getValue() > first.getOrDefault(count.getKey(), 0.0))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue)),
        AgreementTest::any);
  }

  private static Map<String, Double> counts(Case both) throws Exception {
    return eksnet.metrics().of("eksnet_probe_total", Map.of("probe", both.id())).stream()
        .filter(sample -> sample.value() > 0)
        .filter(sample -> !outcome(sample).equals("not_run"))
        .collect(toMap(AgreementTest::outcome, ExpositionSamples.Sample::value));
  }

  private static String outcome(ExpositionSamples.Sample sample) {
    return sample.labels().getOrDefault("outcome", "");
  }

  private static boolean any(Map<String, Double> counts) {
    return !counts.isEmpty();
  }

  private static List<BlackboxExporter.Verdict> verdicts(Case slow) throws Exception {
    var verdicts = new ArrayList<BlackboxExporter.Verdict>();
    while (verdicts.size() < RUNS) {
      var verdict = blackbox.probe(slow.id(), slow.blackboxTarget());
      assertThat(verdict.succeeded()).as(verdict.log()).isTrue();
      verdicts.add(verdict);
    }
    return verdicts;
  }

  /** The latest successes with a duration; runs during a stall of the event loop have none. */
  private static List<JsonObject> observations(Case slow) throws Exception {
    var uri = eksnet.uri("/api/v1/observations?outcome=success&limit=20&probe=" + slow.id());
    return Await.until(
        RUNS + " timed successes of " + slow,
        WAIT_TIMEOUT,
        () ->
            new JsonObject(Part.get(uri))
                .getJsonArray("observations").stream()
                    .map(JsonObject.class::cast)
                    .filter(seen -> seen.getValue("duration_seconds") != null)
                    .limit(RUNS)
                    .toList(),
        seen -> seen.size() == RUNS);
  }

  /** blackbox_exporter has no phases for TCP: there all but nothing is the wait for the banner. */
  private static double answering(Case slow, BlackboxExporter.Verdict seen) {
    return switch (slow.kind()) {
      case "http" -> seen.value("probe_http_duration_seconds", Map.of("phase", "processing"));
      case "dns" -> seen.value("probe_dns_duration_seconds", Map.of("phase", "request"));
      default -> seen.value("probe_duration_seconds", Map.of());
    };
  }

  /** A busy machine only adds to durations, so the shortest is closest to what is measured. */
  private static <T> double least(List<T> seen, Function<T, Double> value) {
    return seen.stream().map(value).min(Comparator.naturalOrder()).orElseThrow();
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new AssertionError("cannot close " + part, e);
    }
  }
}
