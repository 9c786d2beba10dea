package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.Phase;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/** Resolves names to addresses. */
public interface Resolver {
  /** Resolves no name. */
  Resolver NONE =
      (host, family, deadline) ->
          Future.failedFuture(
              new ProbeFailure(Phase.RESOLVE, Cause.NXDOMAIN, host + " is not an address"));

  /**
   * All addresses of {@code host} in the order of the response, never empty. An address literal
   * resolves to itself. Fails with {@link ProbeFailure} of phase resolve. Completes on the event
   * loop of its network, by {@code deadline}.
   */
  Future<List<InetAddress>> resolve(String host, Family family, Deadline deadline);
}
