package io.eksnet.metrics;

import io.prometheus.metrics.core.metrics.Gauge;
import java.util.Map;

/** What the agent finds out about its own pod. */
public final class HostMeters {
  private final Gauge searchQueries;
  private volatile double nameserverOk = Double.NaN;

  HostMeters(MetricFactory instruments) {
    searchQueries = instruments.gauge(Catalogue.SEARCH_QUERIES);
    instruments.gauge(Catalogue.NAMESERVER_OK, () -> nameserverOk);
  }

  /** The result of the nameserver check; never called where nothing is known of what should be. */
  public void nameserver(boolean ok) {
    nameserverOk = ok ? 1 : 0;
  }

  /** The queries, by query class, that the search list puts before the useful one. */
  public void searchQueries(Map<String, Integer> costs) {
    searchQueries.clear();
    costs.forEach((queryClass, queries) -> searchQueries.labelValues(queryClass).set(queries));
  }
}
