package io.eksnet.app;

import io.eksnet.fact.api.FactSource;
import io.eksnet.fact.kube.Leadership;
import io.eksnet.fact.kube.LeasePolicy;
import io.eksnet.fact.kube.Moment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Facts of a real cluster: Kubernetes and AWS by their own clients, elected by a Lease. */
final class CloudFacts implements Facts {
  private final Surroundings surroundings;
  private final String lease;
  private final boolean alone;
  private final List<FactSource<?>> sources = new ArrayList<>();
  private volatile @Nullable Leadership leadership;
  private volatile boolean closed;

  /**
   * @param alone whether there is no other controller, and so no election
   */
  CloudFacts(Surroundings surroundings, String lease, boolean alone) {
    this.surroundings = surroundings;
    this.lease = lease;
    this.alone = alone;
  }

  @Override
  public List<FactSource<?>> sources() {
    return List.copyOf(sources);
  }

  @Override
  public void elect(Election election) {
    if (alone) {
      election.leading(true);
      return;
    }
    leadership =
        Leadership.start(
            Optional.empty(),
            surroundings.namespace(),
            lease,
            LeasePolicy.of(surroundings.pod() + "_" + UUID.randomUUID()),
            () -> new Moment(Instant.now(), System.nanoTime()),
            new Leadership.Listener() {
              @Override
              public void leading(boolean now) {
                election.leading(now);
              }

              @Override
              public void failed(String reason) {
                election.failed(reason);
              }
            });
  }

  @Override
  public boolean stillLeading() {
    var elected = leadership;
    return !closed && (alone || (elected != null && elected.stillLeading()));
  }

  @Override
  public void close() {
    closed = true;
    var elected = leadership;
    if (elected != null) {
      elected.close();
    }
    sources.forEach(FactSource::close);
  }
}
