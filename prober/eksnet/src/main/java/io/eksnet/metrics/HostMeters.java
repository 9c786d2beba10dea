package io.eksnet.metrics;

/** What the agent finds out about its own pod. */
public final class HostMeters {
  private volatile double nameserverOk = Double.NaN;

  HostMeters(Instruments instruments) {
    instruments.gauge(Catalogue.NAMESERVER_OK, () -> nameserverOk);
  }

  /** The result of the nameserver check; never called where nothing is known of what should be. */
  public void nameserver(boolean ok) {
    nameserverOk = ok ? 1 : 0;
  }
}
