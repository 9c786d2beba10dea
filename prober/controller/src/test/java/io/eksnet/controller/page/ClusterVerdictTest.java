package io.eksnet.controller.page;

import static io.eksnet.model.diagnosis.HostReport.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.web.Views;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterVerdictTest {
  static Stream<Arguments> cases() {
    var healthy = Views.healthy(12);
    var agents = healthy.agents();
    var fleet = healthy.inventory().orElseThrow().get(Resources.AGENTS).orElseThrow().agents();
    var lost =
        Stream.concat(Stream.of(Views.agent(0, List.of(false, true))), agents.stream().skip(1));
    var failing =
        Stream.concat(Stream.of(Views.agent(0, List.of(false, false))), agents.stream().skip(1));
    var denied = new Unavailable(Unavailable.Reason.DENIED, "no");
    var absent = new Unavailable(Unavailable.Reason.ABSENT, "no");
    return Stream.of(
        Arguments.of(healthy, "All clear, 108 probes from 12 nodes in the last 5 s"),
        Arguments.of(
            Views.later(healthy, Duration.ofSeconds(40)),
            "All clear, 108 probes from 12 nodes in the last 45 s"),
        Arguments.of(
            Views.from(healthy, lost.toList()),
            "All clear, 108 probes from 12 nodes in the last 5 s, 1 failed the last run"),
        Arguments.of(
            Views.from(healthy, failing.toList()),
            "Failing, no cause found, 1 of 108 probes from 12 nodes in the last 5 s fails"),
        Arguments.of(
            Views.from(healthy, agents.subList(0, 10)),
            "No probe fails, 90 probes from 10 nodes in the last 5 s; 2 agents not reporting"),
        Arguments.of(
            Views.from(
                Views.healthy(1),
                List.of(agents.get(0), new AgentReport("x", "", List.of(), NOTHING))),
            "No probe fails, 9 probes from 1 node in the last 5 s; 1 agent not reporting"),
        Arguments.of(
            Views.with(healthy, Resources.AGENTS, Views.fresh(new AgentFleet(14, fleet))),
            "No probe fails, 108 probes from 12 nodes in the last 5 s; 2 agents not started"),
        Arguments.of(
            Views.from(healthy, List.of()),
            "Unknown, no recent probe results; 12 agents not reporting"),
        Arguments.of(
            Views.later(healthy, Duration.ofSeconds(90)),
            "Unknown, no recent probe results; no recent result from 108 probes"),
        Arguments.of(
            Views.with(healthy, Resources.SECURITY_PATHS, unread(denied)),
            "No probe fails, 108 probes from 12 nodes in the last 5 s; unknown: security_paths"),
        Arguments.of(
            Views.with(healthy, Resources.SECURITY_PATHS, unread(absent)),
            "All clear, 108 probes from 12 nodes in the last 5 s"),
        Arguments.of(
            Views.incident(12),
            "CoreDNS pods cannot be scheduled, Explains 1 other finding. And 1 more cause. 108 probes"
                + " from 12 nodes in the last 5 s"),
        Arguments.of(
            Views.later(Views.incident(12), Duration.ofMinutes(2)),
            "CoreDNS pods cannot be scheduled, Explains 1 other finding. And 1 more cause. No recent"
                + " probe results; no recent result from 108 probes"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void statesTheClusterInOneLine(ClusterView view, String text) {
    var verdict = ClusterVerdict.of(view);

    assertThat(verdict.headline() + ", " + verdict.detail()).isEqualTo(text);
    assertThat(verdict.state() == HealthState.HEALTHY).isEqualTo(text.startsWith("All clear"));
  }

  @Test
  void hasNoVerdictBeforeTheFirstDiagnosis() {
    var verdict = ClusterVerdict.of(Views.NOTHING);

    assertThat(verdict.headline()).isEqualTo("No verdict yet");
    assertThat(verdict.state()).isEqualTo(HealthState.UNKNOWN);
    assertThat(ClusterVerdict.of(diagnosed(Views.healthy(3), Optional.empty())))
        .satisfies(
            starting -> {
              assertThat(starting.state()).isEqualTo(HealthState.UNKNOWN);
              assertThat(starting.detail())
                  .startsWith(
                      "27 of 27 known probes have run, none failed; do not read this as healthy");
            });
  }

  @Test
  void namesClusterStateCauseAndAge() {
    var incident = Views.incident(12);
    var verdict = ClusterVerdict.of(incident);

    assertThat(verdict.kicker(incident))
        .isEqualTo("prod-1, failing for 14 min, since 11:46:00 UTC");
    assertThat(verdict.title(incident))
        .isEqualTo("✗ CoreDNS pods cannot be scheduled · prod-1 · 14 min · eksnet");
    var healthy = Views.healthy(12);
    assertThat(ClusterVerdict.of(healthy).kicker(healthy)).isEqualTo("prod-1, healthy");
    assertThat(ClusterVerdict.of(healthy).title(healthy))
        .isEqualTo("✓ All clear · prod-1 · eksnet");
    assertThat(ClusterVerdict.of(Views.NOTHING).kicker(Views.NOTHING))
        .isEqualTo("This cluster, starting");
  }

  @Test
  void isClearOnlyAfterARecentDiagnosis() {
    var healthy = Views.healthy(3);

    assertThat(ClusterVerdict.of(healthy).state()).isEqualTo(HealthState.HEALTHY);
    assertThat(ClusterVerdict.of(diagnosed(healthy, Optional.empty())))
        .extracting(ClusterVerdict::state, ClusterVerdict::detail)
        .satisfies(
            verdict -> {
              assertThat(verdict.get(0)).isEqualTo(HealthState.UNKNOWN);
              assertThat((String) verdict.get(1)).contains("no diagnosis yet");
            });
    var longAgo = Optional.of(healthy.now().minusSeconds(60));
    assertThat(ClusterVerdict.of(diagnosed(healthy, longAgo)).detail())
        .contains("last diagnosis 60 s ago");
  }

  private static ClusterView diagnosed(ClusterView view, Optional<Instant> at) {
    return new ClusterView(
        view.now(),
        view.cluster(),
        view.following(),
        view.inventory(),
        at,
        view.findings(),
        view.since(),
        List.of(),
        List.of(),
        List.of(),
        view.agents(),
        view.freeAddresses(),
        view.failures(),
        view.history(),
        view.cost());
  }

  @Test
  void standbyReplicaHasNoVerdict() {
    var healthy = Views.healthy(3);
    var view =
        new ClusterView(
            healthy.now(),
            healthy.cluster(),
            Optional.of("this replica follows"),
            healthy.inventory(),
            healthy.diagnosed(),
            healthy.findings(),
            healthy.since(),
            List.of(),
            List.of(),
            List.of(),
            healthy.agents(),
            healthy.freeAddresses(),
            healthy.failures(),
            healthy.history(),
            healthy.cost());

    assertThat(ClusterVerdict.of(view))
        .isEqualTo(
            new ClusterVerdict(
                HealthState.UNKNOWN,
                "Unknown on this replica",
                "this replica follows",
                Optional.empty()));
    assertThat(ClusterPage.sections(view).get("layers")).doesNotContain("✓");
  }

  private static Snapshot<List<SecurityPath>> unread(Unavailable lack) {
    return Snapshot.<List<SecurityPath>>notYet(Duration.ofMinutes(1)).after(lack);
  }
}
