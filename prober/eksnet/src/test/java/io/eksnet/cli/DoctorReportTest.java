package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.diagnosis.Findings;
import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Timings;
import io.eksnet.model.diagnosis.Confidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Layer;
import io.eksnet.model.diagnosis.RootCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DoctorReportTest {
  private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration TOOK = Duration.ofMillis(12);
  private static final Outcome OK =
      new Outcome.Success(new Timings.Builder().add(Phase.CONNECT, 2_000_000).total(12_000_000));
  private static final Outcome REFUSED =
      new Outcome.Failure(Phase.CONNECT, Cause.CONN_REFUSED, "connection refused");
  private static final Check GOOD = new Check(Layer.DNS, false, "service", "10.0.0.10", OK, TOOK);
  private static final Check BAD =
      new Check(Layer.L7, false, "shop", "http://shop/", REFUSED, TOOK);
  private static final SkippedCheck AWS = new SkippedCheck("AWS", "no credentials");

  @Test
  void showsFindingWithEvidenceExclusionsAndFixAndNamesConsequencesOnce() {
    var cause = finding(RootCause.COREDNS_NOT_READY, RootCause.DOWNSTREAM_OF_DNS);
    var report =
        report(List.of(GOOD, BAD), List.of(cause, finding(RootCause.DOWNSTREAM_OF_DNS)), AWS);

    assertThat(report.text(false))
        .isEqualTo(
            """

            coredns_not_ready: no replica of CoreDNS is available: none runs, or none is ready (cluster, layer dns, confidence high)
              seen      2 pods
              excluded  not the network
              fix 1     first
              fix 2     then

            Consequences: downstream_of_dns (cluster)

            Not checked:
              AWS (no credentials)

            1 cause found; 1 of 2 checks failed.
            """);
    assertThat(report.broken()).isTrue();
  }

  @Test
  void noticesAndIgnoredFindingsChangeNoExitCode() {
    var notice =
        Finding.builder(RootCause.EXTENDED_SUPPORT, "cluster", 100)
            .evidence("standard support ended")
            .fix("upgrade")
            .build();
    var accepted =
        Finding.builder(RootCause.APPLICATION_ERROR, "lb/shop", 90)
            .evidence("it responds 500")
            .fix("check it")
            .build();
    var sorted =
        Findings.of(
            List.of(notice, accepted),
            finding -> finding.scope().equals("lb/shop") ? Optional.of("known") : Optional.empty());
    var report = new DoctorReport(AT, List.of(GOOD), sorted, List.of(), true);

    assertThat(report.broken()).isFalse();
    assertThat(report.verdict()).isEqualTo("All clear: 1 check passed.");
    assertThat(report.text(false))
        .contains("Notice: ", "standard support ended", "application_error (lb/shop): known");
    assertThat(report.json().getJsonArray("findings")).isEmpty();
    assertThat(report.json().getJsonArray("notices")).hasSize(1);
    assertThat(report.json().getJsonArray("ignored").getJsonObject(0).getString("ignored_because"))
        .isEqualTo("known");
  }

  @Test
  void aCheckIsALineWithItsLayerFirst() {
    assertThat(BAD.line(false))
        .isEqualTo(
            "l7           conn_refused      12.0 ms  shop  http://shop/"
                + "  (connect: connection refused)");
  }

  @Test
  void colourComesOnlyWhereAskedAndHostileTextReachesNoTerminal() {
    var hostile = new Check(Layer.L4, false, "a", "x\u001b[2J", OK, TOOK);

    assertThat(hostile.line(true)).startsWith("\u001b[32m").contains("x?[2J");
    assertThat(hostile.line(false)).doesNotContain("\u001b");
    assertThat(report(List.of(), List.of(), new SkippedCheck("x\u001b[2J", "y")).text(false))
        .doesNotContain("\u001b");
  }

  @Test
  void isHealthyOnlyIfEverythingWasRead() {
    assertThat(report(List.of(GOOD), List.of()).verdict()).isEqualTo("All clear: 1 check passed.");
    assertThat(report(List.of(GOOD), List.of(), AWS).verdict())
        .isEqualTo("No fault found in what was checked: 1 check passed.");
    assertThat(report(List.of(), List.of(), AWS).verdict()).startsWith("Nothing was checked, ");
    assertThat(report(List.of(BAD), List.of()).verdict())
        .isEqualTo("1 of 1 check failed; no cause found.");
  }

  @Test
  void reportsSkippedChecksAsNotHealthy() {
    var notRun =
        new Check(Layer.L4, false, "a", "x", new Outcome.NotRun(Outcome.Reason.STALL), TOOK);

    assertThat(report(List.of(notRun), List.of()).verdict())
        .isEqualTo("0 of 1 check failed, 1 could not run; no cause found.");
  }

  @Test
  void neitherAPartThatIsNotInstalledNorTheProbersOwnTroubleBreaksAnything() {
    var silent =
        new Check(Layer.CREDENTIALS, true, "suite:identity", "169.254.170.23:80", REFUSED, TOOK);
    var trouble = finding(RootCause.PROBER_TROUBLE);

    assertThat(report(List.of(silent, GOOD), List.of()).broken()).isFalse();
    assertThat(report(List.of(silent, GOOD), List.of()).verdict()).contains("not installed: 1.");
    assertThat(report(List.of(GOOD), List.of(trouble)).broken()).isFalse();
    assertThat(report(List.of(GOOD), List.of(trouble)).text(false)).contains("prober_trouble");
  }

  @Test
  void jsonHoldsChecksFindingsAndWhatWasNotSeen() {
    var json = report(List.of(BAD), List.of(finding(RootCause.NO_EGRESS)), AWS).json();

    var check = json.getJsonArray("checks").getJsonObject(0);
    assertThat(check.getString("outcome")).isEqualTo("conn_refused");
    assertThat(check.getString("phase")).isEqualTo("connect");
    assertThat(check.getDouble("duration_seconds")).isEqualTo(0.012);
    var finding = json.getJsonArray("findings").getJsonObject(0);
    assertThat(finding.getString("cause")).isEqualTo("no_egress");
    assertThat(finding.getString("since")).isEqualTo(AT.toString());
    assertThat(json.getJsonArray("not_seen").getJsonObject(0).getString("why"))
        .isEqualTo("no credentials");
  }

  private static DoctorReport report(
      List<Check> checks, List<Finding> findings, SkippedCheck... unseen) {
    return new DoctorReport(
        AT, checks, Findings.of(findings, f -> Optional.empty()), List.of(unseen), false);
  }

  private static Finding finding(RootCause cause, RootCause... explains) {
    return new Finding(
        cause,
        "cluster",
        new Confidence(90),
        List.of("2 pods"),
        List.of("not the network"),
        List.of("first", "then"),
        List.of(),
        Set.of(explains),
        Duration.ZERO);
  }
}
