package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Unavailable;
import java.time.Instant;
import java.util.Optional;

/**
 * How a watch is.
 *
 * @param resource such as {@code pods} or {@code targetgroupbindings.elbv2.k8s.aws}
 * @param lastGood the last moment it was known to be in order; {@link Instant#EPOCH}: never
 * @param lack what is wrong with it; empty: nothing
 * @param objects how many are kept
 */
public record WatchHealth(
    String resource, Instant lastGood, Optional<Unavailable> lack, int objects) {
  public boolean watching() {
    return lack.isEmpty();
  }
}
