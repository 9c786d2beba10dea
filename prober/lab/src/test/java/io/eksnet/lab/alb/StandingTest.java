package io.eksnet.lab.alb;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.cluster.TargetGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandingTest {
  private final Standing fresh =
      Standing.registered(new TargetGroup.Target("10.0.0.1", 80, "a"), 80);

  @Test
  void aNewTargetNeedsOnePassAndAsManyFailuresAsAnyOther() {
    assertThat(fresh.health().reason()).isEqualTo("Elb.RegistrationInProgress");
    assertThat(fresh.checking().health().reason()).isEqualTo("Elb.InitialHealthChecking");
    assertThat(fresh.checking().passed(5).health().state()).isEqualTo("healthy");

    var once = fresh.checking().failed(2, Standing.Failure.TIMEOUT);
    assertThat(once.health().state()).isEqualTo("initial");
    assertThat(once.failed(2, Standing.Failure.TIMEOUT).health().reason())
        .isEqualTo("Target.Timeout");
  }

  @Test
  void onlyARowOfChecksChangesAnything() {
    var healthy = fresh.checking().passed(2);
    var shaken =
        healthy.failed(2, Standing.Failure.BROKEN).passed(2).failed(2, Standing.Failure.BROKEN);
    assertThat(shaken.health().state()).isEqualTo("healthy");

    var down = shaken.failed(2, Standing.Failure.code(503));
    assertThat(down.health().description())
        .isEqualTo("Health checks failed with these codes: [503]");
    assertThat(down.passed(2).health().state()).isEqualTo("unhealthy");
    assertThat(down.passed(2).passed(2).health().state()).isEqualTo("healthy");
  }

  @Test
  void theReasonIsThatOfTheLastFailure() {
    var down = fresh.checking().failed(1, Standing.Failure.TIMEOUT);

    assertThat(down.failed(5, Standing.Failure.BROKEN).health().reason())
        .isEqualTo("Target.FailedHealthChecks");
  }

  @ParameterizedTest
  @CsvSource({
    "200, 200, true",
    "200, 204, false",
    "'200,302', 302, true",
    "200-399, 399, true",
    "200-399, 400, false",
    "'200-299,404', 404, true"
  })
  void codesMatchAsTheyAreSpelled(String matcher, int code, boolean matches) {
    assertThat(Matcher.matches(matcher, code)).isEqualTo(matches);
  }
}
