package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.CallerIdentity;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.util.List;

/** Who the controller is: the cheapest proof that its credentials work. */
final class CallerIdentities {
  private CallerIdentities() {}

  /** It needs no right: {@code sts:GetCallerIdentity} is allowed to everybody (STS API). */
  static InventorySource<CallerIdentity> source(AwsCalls calls) {
    return new AwsSource<>(Resources.CALLER_IDENTITY, List.of(), calls, known -> identity(calls));
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
