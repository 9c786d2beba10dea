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
      (run, host, family) ->
          Future.failedFuture(
              new ProbeFailure(Phase.RESOLVE, Cause.NXDOMAIN, host + " is not an address"));

  /**
   * All addresses of {@code host} in the order of the response, never empty. An address literal
   * resolves to itself. Fails with {@link ProbeFailure} of phase resolve. Completes on the event
   * loop, by the deadline of {@code run}, which owns the sockets of the queries.
   */
  Future<List<InetAddress>> resolve(Run run, String host, Family family);
}
