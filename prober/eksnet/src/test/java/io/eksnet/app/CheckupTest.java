package io.eksnet.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.app.Checkup.Check;
import io.eksnet.core.Cause;
import io.eksnet.core.Outcome;
import io.eksnet.core.Phase;
import io.eksnet.core.Timings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckupTest {
  private static final Duration TOOK = Duration.ofMillis(12);
  private static final Outcome OK =
      new Outcome.Success(new Timings.Builder().add(Phase.CONNECT, 2_000_000).total(12_000_000));
  private static final Outcome REFUSED =
      new Outcome.Failure(Phase.CONNECT, Cause.CONN_REFUSED, "connection refused");

  @Test
  void theTableReadsFromTheLowestLayerUpAndEndsWithTheVerdict() {
    var checkup =
        new Checkup(
            List.of(
                new Check("l7", "shop", "http://shop/", REFUSED, TOOK),
                new Check("dns", "service", "10.0.0.10", OK, TOOK)));

    assertThat(checkup.table(false))
        .isEqualTo(
            """
            LAYER  PROBE    TARGET        RESULT        TIME     DETAIL
            dns    service  10.0.0.10     ok            12.0 ms  connect 2.0 ms
            l7     shop     http://shop/  conn_refused  12.0 ms  connect: connection refused

            1 of 2 checks failed.
            """);
    assertThat(checkup.broken()).isTrue();
  }

  @Test
  void colourComesOnlyWhereAskedAndHostileTextReachesNoTerminal() {
    var checkup = new Checkup(List.of(new Check("l4", "a", "x\u001b[2J", OK, TOOK)));

    assertThat(checkup.table(true)).contains("\u001b[32m").contains("x?[2J");
    assertThat(checkup.table(false)).doesNotContain("\u001b");
  }

  @Test
  void whatCouldNotBeRunIsSaidAndIsNotHealthy() {
    var notRun = new Outcome.NotRun(Outcome.Reason.STALL);
    var checkup = new Checkup(List.of(new Check("l4", "a", "x", notRun, TOOK)));

    assertThat(checkup.table(false)).contains("0 of 1 checks failed, 1 could not be run.");
    assertThat(new Checkup(List.of()).table(false)).contains("Nothing was checked");
  }

  @Test
  void aPartOfTheNodeThatIsNotInstalledBreaksNothing() {
    var checkup =
        new Checkup(
            List.of(
                new Check("credentials", "suite:identity", "169.254.170.23:80", REFUSED, TOOK),
                new Check("l4", "a", "x", OK, TOOK)));

    assertThat(checkup.broken()).isFalse();
    assertThat(checkup.table(false))
        .endsWith(
            "\n1 checks passed; parts of the node that do not answer, or are not installed: 1.\n");
  }

  @Test
  void jsonNamesTheCauseAndThePhase() {
    var check =
        new Checkup(List.of(new Check("l7", "shop", "http://shop/", REFUSED, TOOK)))
            .json()
            .getJsonArray("checks")
            .getJsonObject(0);

    assertThat(check.getString("outcome")).isEqualTo("conn_refused");
    assertThat(check.getString("phase")).isEqualTo("connect");
    assertThat(check.getDouble("duration_seconds")).isEqualTo(0.012);
  }
}
