package io.eksnet.fact.aws;

import io.eksnet.core.inventory.CallerIdentity;
import io.eksnet.core.inventory.Parts;
import io.eksnet.fact.api.FactSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Who the controller is: the cheapest proof that its credentials work. */
final class CallerIdentities {
  private static final Duration EVERY = Duration.ofMinutes(1);

  private CallerIdentities() {}

  /** It needs no right: {@code sts:GetCallerIdentity} is allowed to everybody (STS API). */
  static FactSource<CallerIdentity> source(AwsCalls calls) {
    return new AwsSource<>(
        Parts.CALLER_IDENTITY, EVERY, List.of(), calls, known -> identity(calls));
  }

  private static Future<CallerIdentity> identity(AwsCalls calls) {
    return calls
        .sts("GetCallerIdentity", sts -> sts.getCallerIdentity())
        .map(
            answer ->
                new CallerIdentity(
                    answer.account(), answer.arn(), calls.settings().credentialMethod()));
  }
}
