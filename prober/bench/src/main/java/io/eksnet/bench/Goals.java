package io.eksnet.bench;

import static io.eksnet.bench.Goal.Bound.AT_LEAST_OF_BLACKBOX;
import static io.eksnet.bench.Goal.Bound.AT_MOST;
import static io.eksnet.bench.Goal.Bound.AT_MOST_OF_BLACKBOX;
import static io.eksnet.bench.Goal.shown;

import java.util.List;

/** What is aimed at. B is what blackbox_exporter takes or reaches in the same run. */
final class Goals {
  private Goals() {}

  static List<Goal> all() {
    return List.of(
        new Goal("CPU per HTTP probe, ms", "cpu.http", AT_MOST_OF_BLACKBOX, 0.20),
        new Goal("CPU per HTTPS probe, ms", "cpu.https", AT_MOST_OF_BLACKBOX, 0.45),
        new Goal("CPU per TCP probe, ms", "cpu.tcp", AT_MOST_OF_BLACKBOX, 0.22),
        new Goal("CPU per DNS probe, ms", "cpu.dns", AT_MOST_OF_BLACKBOX, 0.25),
        new Goal("HTTP probes/s on one core", "capacity.http", AT_LEAST_OF_BLACKBOX, 6),
        new Goal("HTTPS probes/s on one core", "capacity.https", AT_LEAST_OF_BLACKBOX, 2.1),
        new Goal("TCP probes/s on one core", "capacity.tcp", AT_LEAST_OF_BLACKBOX, 4.5),
        new Goal("DNS probes/s on one core", "capacity.dns", AT_LEAST_OF_BLACKBOX, 8),
        shown("HTTP probes/s without a missed tick", "sustained.http"),
        shown("HTTPS probes/s without a missed tick", "sustained.https"),
        shown("TCP probes/s without a missed tick", "sustained.tcp"),
        shown("DNS probes/s without a missed tick", "sustained.dns"),
        new Goal("HTTP timing error p50, ms", "error.http.p50", AT_MOST, 0.12),
        new Goal("HTTP timing error p99, ms", "error.http.p99", AT_MOST, 0.25),
        shown("HTTPS timing error p50, ms", "error.https.p50"),
        shown("HTTPS timing error p99, ms", "error.https.p99"),
        shown("TCP connect time p50, ms", "error.tcp.p50"),
        shown("TCP connect time p99, ms", "error.tcp.p99"),
        shown("DNS timing error p50, ms", "error.dns.p50"),
        shown("DNS timing error p99, ms", "error.dns.p99"),
        shown("start lag p99, 1,000 targets, ms, at most", "lag.1000.p99"),
        shown("start lag max, 1,000 targets, ms, at most", "lag.1000.max"),
        new Goal("start lag p99, 10,000 targets, ms, at most", "lag.10000.p99", AT_MOST, 0.3),
        new Goal("start lag max, 10,000 targets, ms, at most", "lag.10000.max", AT_MOST, 5),
        shown("CPU at 10,000 targets every 10 s, cores", "cores.10000"),
        new Goal("RSS at 100 targets, MB", "rss.100", AT_MOST, 64),
        new Goal("RSS at 1,000 targets, MB", "rss.1000", AT_MOST, 96),
        new Goal("RSS at 10,000 targets, MB", "rss.10000", AT_MOST, 150),
        shown("page of 10,000 targets, s", "page.10000"),
        new Goal("scrape of 10,000 series, CPU ms", "scrape.cpu", AT_MOST, 6),
        shown("the same compressed, CPU ms", "scrape.gzip.cpu"),
        shown("scrape of 10,000 series, ms", "scrape.time"),
        new Goal("start to first finished probe, ms", "start", AT_MOST, 300),
        new Goal("overload: false duration max, ms", "overload.error.max", AT_MOST, 10),
        shown("overload: false duration p50, ms", "overload.error.p50"),
        shown("overload: false duration p99, ms", "overload.error.p99"),
        shown("overload: finished, of asked", "overload.finished"),
        shown("overload: counted as missed, of the rest", "overload.counted"),
        shown("overload: RSS, MB", "overload.rss"),
        shown("diagnosis of 1,000 nodes x 30 tasks, ms", "diagnosis"),
        new Goal("100 targets every 10 s after 5 minutes, cores", "idle.cores", AT_MOST, 0.012),
        shown("foreign cores while measuring CPU", "foreign"));
  }
}
