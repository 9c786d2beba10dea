package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.CallerIdentity;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.util.List;

/** The identity of the controller: the cheapest proof that its credentials work. */
final class CallerIdentities extends AwsSource<CallerIdentity> {
  /** Needs no permission: {@code sts:GetCallerIdentity} is allowed to everybody (STS API). */
  CallerIdentities(AwsClients aws) {
    super(aws, Resources.CALLER_IDENTITY, List.of());
  }

  @Override
  Future<CallerIdentity> load(Inventory inventory) {
    var method = aws.settings().credentialMethod();
    return AwsClients.future(aws.sts().getCallerIdentity())
        .map(caller -> new CallerIdentity(method));
  }
}
