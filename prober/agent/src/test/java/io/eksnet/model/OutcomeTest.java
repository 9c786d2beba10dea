package io.eksnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Outcome.Failure;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.Outcome.Part;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Outcome.Several;
import io.eksnet.model.Outcome.Success;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {
  private static final Success OK = new Success(Timings.of(Duration.ofMillis(3)));
  private static final Failure REFUSED = new Failure(Phase.CONNECT, Cause.CONN_REFUSED, "no");

  @Test
  void oneBadAddressMakesTheWholeBadAndEachIsCountedAlone() {
    var several = new Several(List.of(new Part("127.0.0.1", OK), new Part("127.0.0.2", REFUSED)));

    assertThat(several.succeeded()).isFalse();
    assertThat(several.label()).isEqualTo("conn_refused");
    assertThat(several.leaves()).containsExactly(OK, REFUSED);
  }

  @Test
  void aRunThatDidNotHappenIsNeitherSuccessNorFailure() {
    var notRun = new NotRun(Reason.STALL);

    assertThat(notRun.succeeded()).isFalse();
    assertThat(notRun.label()).isEqualTo("not_run");
    assertThat(ExpectBlocked.of(notRun)).isEqualTo(notRun);
  }

  @Test
  void theVocabularyIsTheOneOfTheContract() {
    assertThat(Arrays.stream(Cause.values()).map(Cause::label))
        .containsExactly(
            "conn_refused",
            "timeout",
            "unreachable",
            "reset",
            "nxdomain",
            "servfail",
            "refused_rcode",
            "nodata",
            "truncated",
            "wrong_answer",
            "tls_handshake",
            "tls_untrusted",
            "tls_name",
            "tls_expired",
            "tls_client_certificate",
            "http_status",
            "http_body",
            "http_protocol",
            "too_large",
            "redirect_limit",
            "grpc_status",
            "grpc_not_serving",
            "proxy_failed",
            "token_failed");
  }

  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      names = {"PROXY_FAILED", "TOKEN_FAILED"})
  void failuresBeforeTheTargetSayNothingAboutABlockedPath(Cause cause) {
    var failure = new Outcome.Failure(Phase.CONNECT, cause, "");

    assertThat(ExpectBlocked.of(failure)).isEqualTo(failure);
  }

  @Test
  void aBlockedPathSatisfiesANegativeProbeAndHasNoDuration() {
    var verdict = ExpectBlocked.of(REFUSED);

    assertThat(verdict)
        .isInstanceOfSatisfying(Success.class, s -> assertThat(s.timings().known()).isFalse());
  }

  @Test
  void anOpenPathFailsANegativeProbeHoweverTheAnswerWas() {
    var connected = new Timings.Builder().add(Phase.CONNECT, 1).total(2);
    var silent = new Failure(Phase.PROCESSING, Cause.TIMEOUT, "silent", connected, List.of());
    var error = new Failure(Phase.PROCESSING, Cause.HTTP_STATUS, "500", connected, List.of());

    for (var open : List.of(OK, silent, error)) {
      assertThat(ExpectBlocked.of(open).label()).isEqualTo("wrong_answer");
    }
  }

  @Test
  void aNameThatDoesNotResolveProvesNothingAboutThePath() {
    var unresolved = new Failure(Phase.RESOLVE, Cause.TIMEOUT, "no answer");

    assertThat(ExpectBlocked.of(unresolved)).isEqualTo(unresolved);
  }

  @Test
  void aPhaseNotReachedIsAbsentNotZero() {
    var timings = new Timings.Builder().add(Phase.RESOLVE, 5).total(7);

    assertThat(timings.phases()).containsOnlyKeys(Phase.RESOLVE);
    assertThat(timings.nanos(Phase.TLS)).isEqualTo(-1);
    assertThat(Timings.NONE.known()).isFalse();
  }

  @Test
  void severalOutcomesAreNeverNone() {
    assertThatThrownBy(() -> new Several(List.of())).hasMessageContaining("at least one");
  }
}
