package io.eksnet.web;

import io.eksnet.model.AddressLiteral;
import java.util.HashMap;
import java.util.Map;

/**
 * Limits how many requests of one kind are in progress, in all and for each remote host, so that
 * one host leaves room for others. This host has no limit of its own: a port-forward or a proxy
 * delivers all its clients from here. Belongs to the event loop of the web server.
 */
final class ConcurrencyLimiter {
  private final int max;
  private final int maxPerHost;
  private final Map<String, Integer> ofHost = new HashMap<>();
  private int inProgress;

  ConcurrencyLimiter(int max, int maxPerHost) {
    this.max = max;
    this.maxPerHost = maxPerHost;
  }

  /** Whether a request from {@code host} may start; then it must be released. */
  boolean tryAcquire(String host) {
    var own = ofHost.getOrDefault(host, 0);
    if (inProgress >= max || (own >= maxPerHost && !AddressLiteral.isLocalhost(host))) {
      return false;
    }
    inProgress++;
    ofHost.put(host, own + 1);
    return true;
  }

  void release(String host) {
    inProgress--;
    ofHost.computeIfPresent(host, (same, own) -> own == 1 ? null : own - 1);
  }
}
