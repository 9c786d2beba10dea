package io.eksnet.probe.net;

import io.eksnet.model.Family;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/** From a name to its addresses. */
public interface Resolver {
  /**
   * All addresses of {@code host} in the order of the answer, never empty. An address literal
   * resolves to itself. Fails with {@link ProbeFailure} of phase resolve. Completes on the event
   * loop of its network, by {@code deadline}.
   */
  Future<List<InetAddress>> resolve(String host, Family family, Deadline deadline);
}
