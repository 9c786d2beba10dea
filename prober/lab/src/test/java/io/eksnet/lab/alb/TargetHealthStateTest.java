package io.eksnet.lab.alb;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.cluster.AwsResource.TargetGroup;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetHealthStateTest {
  private final TargetHealthState fresh =
      TargetHealthState.register(new TargetGroup.Target("10.0.0.1", 80, "a"), 80);

  @Test
  void aNewTargetNeedsOnePassAndAsManyFailuresAsAnyOther() {
    assertThat(fresh.health().reason()).isEqualTo("Elb.RegistrationInProgress");
    assertThat(fresh.startChecks().health().reason()).isEqualTo("Elb.InitialHealthChecking");
    assertThat(fresh.startChecks().pass(5).health().state()).isEqualTo("healthy");

    var once = fresh.startChecks().fail(2, TargetHealthState.Failure.TIMEOUT);
    assertThat(once.health().state()).isEqualTo("initial");
    assertThat(once.fail(2, TargetHealthState.Failure.TIMEOUT).health().reason())
        .isEqualTo("Target.Timeout");
  }

  @Test
  void onlyARowOfChecksChangesAnything() {
    var healthy = fresh.startChecks().pass(2);
    var shaken =
        healthy
            .fail(2, TargetHealthState.Failure.CONNECTION)
            .pass(2)
            .fail(2, TargetHealthState.Failure.CONNECTION);
    assertThat(shaken.health().state()).isEqualTo("healthy");

    var down = shaken.fail(2, TargetHealthState.Failure.code(503));
    assertThat(down.health().description())
        .isEqualTo("Health checks failed with these codes: [503]");
    assertThat(down.pass(2).health().state()).isEqualTo("unhealthy");
    assertThat(down.pass(2).pass(2).health().state()).isEqualTo("healthy");
  }

  @Test
  void theReasonIsThatOfTheLastFailure() {
    var down = fresh.startChecks().fail(1, TargetHealthState.Failure.TIMEOUT);

    assertThat(down.fail(5, TargetHealthState.Failure.CONNECTION).health().reason())
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
    var check =
        new TargetGroup.HealthCheck(
            true, "HTTP", "80", "/", matcher, Duration.ZERO, Duration.ZERO, 1, 1);

    assertThat(check.accepts(code)).isEqualTo(matches);
  }
}
