package io.eksnet.docs.dashboards;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sentences of PromQL that dashboards say again and again. */
final class Promql {
  private static final String CLUSTER = "cluster=\"$cluster\"";
  private static final String ZONE = "az=~\"$zone\"";
  private static final String NODE = "node=~\"$node\"";

  /** What did not run says nothing of the target. */
  private static final String RAN = "outcome!=\"not_run\"";

  private static final String FAILED = "outcome!~\"success|not_run\"";

  private Promql() {}

  /** Series of the chosen cluster. */
  static String cluster(String metric, String... matchers) {
    return select(metric, Stream.of(CLUSTER), matchers);
  }

  /** Series of the chosen zones. */
  static String zone(String metric, String... matchers) {
    return select(metric, Stream.of(CLUSTER, ZONE), matchers);
  }

  /** Series of the agents on the chosen nodes of the chosen zones. */
  static String agents(String metric, String... matchers) {
    return select(metric, Stream.of(CLUSTER, ZONE, NODE), matchers);
  }

  static String rate(String selector) {
    return "rate(" + selector + "[$__rate_interval])";
  }

  static String increase(String selector) {
    return "increase(" + selector + "[$__rate_interval])";
  }

  static String sum(String labels, String expr) {
    return aggregate("sum", labels, expr);
  }

  static String max(String labels, String expr) {
    return aggregate("max", labels, expr);
  }

  static String min(String labels, String expr) {
    return aggregate("min", labels, expr);
  }

  /** Runs of agents by outcome, of those that failed. */
  static String failures(String labels, String counter, String... matchers) {
    return sum(labels, rate(agents(counter, and(FAILED, matchers))));
  }

  /** The share of runs that failed; absent where none ran. */
  static String failing(String labels, String counter, String... matchers) {
    return failures(labels, counter, matchers)
        + " / ("
        + sum(labels, rate(agents(counter, and(RAN, matchers))))
        + " > 0)";
  }

  /** Of some counter of agents as a share of the runs that another counts. */
  static String shareOf(String labels, String part, String runs) {
    return sum(labels, rate(agents(part)))
        + " / ("
        + sum(labels, rate(agents(runs, RAN)))
        + " > 0)";
  }

  /** Of a histogram in its classic form, or where Prometheus keeps only that, in its native one. */
  static String quantile(double rank, String labels, String histogram, String... matchers) {
    return eitherQuantile(
        rank, labels, agents(histogram + "_bucket", matchers), agents(histogram, matchers));
  }

  /** The same of a histogram of the controller. */
  static String clusterQuantile(double rank, String labels, String histogram) {
    return eitherQuantile(rank, labels, cluster(histogram + "_bucket"), cluster(histogram));
  }

  private static String eitherQuantile(
      double rank, String labels, String classic, String nativeOne) {
    return "histogram_quantile(%s, %s) or histogram_quantile(%s, %s)"
        .formatted(
            rank,
            sum(labels.isEmpty() ? "le" : "le, " + labels, rate(classic)),
            rank,
            sum(labels, rate(nativeOne)));
  }

  /** Classic buckets, or where there are none the native histogram. */
  static String buckets(String histogram, String... matchers) {
    var classic = increase(agents(histogram + "_bucket", matchers));
    return "%s or (%s unless on () %s)"
        .formatted(
            sum("le", classic), sum("", increase(agents(histogram, matchers))), sum("", classic));
  }

  private static String aggregate(String how, String labels, String expr) {
    return labels.isEmpty() ? how + "(" + expr + ")" : how + " by (" + labels + ") (" + expr + ")";
  }

  private static String[] and(String first, String... rest) {
    return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
  }

  private static String select(String metric, Stream<String> scope, String... matchers) {
    return Stream.concat(scope, Stream.of(matchers))
        .collect(Collectors.joining(",", metric + "{", "}"));
  }
}
