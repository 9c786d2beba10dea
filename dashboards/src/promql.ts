// PromQL fragments that the dashboards share.

const CLUSTER = 'cluster="$cluster"';
const ZONE = 'az=~"$zone"';
const NODE = 'node=~"$node"';

// A probe that the agent could not run (not_run) says nothing about its target.
const RAN = 'outcome!="not_run"';
const FAILED = 'outcome!~"success|not_run"';

function select(metric: string, ...matchers: string[]): string {
  return `${metric}{${matchers.join(',')}}`;
}

/** Series of the selected cluster. */
export function cluster(metric: string, ...matchers: string[]): string {
  return select(metric, CLUSTER, ...matchers);
}

/** Series of the selected zones. */
export function zone(metric: string, ...matchers: string[]): string {
  return select(metric, CLUSTER, ZONE, ...matchers);
}

/** Series of the agents on the selected nodes. */
export function agents(metric: string, ...matchers: string[]): string {
  return select(metric, CLUSTER, ZONE, NODE, ...matchers);
}

export function rate(selector: string): string {
  return `rate(${selector}[$__rate_interval])`;
}

export function increase(selector: string): string {
  return `increase(${selector}[$__rate_interval])`;
}

function aggregate(operator: string, labels: string, expr: string): string {
  return labels ? `${operator} by (${labels}) (${expr})` : `${operator}(${expr})`;
}

export const sum = (labels: string, expr: string) => aggregate('sum', labels, expr);
export const max = (labels: string, expr: string) => aggregate('max', labels, expr);
export const min = (labels: string, expr: string) => aggregate('min', labels, expr);
export const avg = (labels: string, expr: string) => aggregate('avg', labels, expr);
export const count = (labels: string, expr: string) => aggregate('count', labels, expr);

/** How many of these gauges, each 0 or 1, are 0. */
export function countZero(gauges: string): string {
  return `count(${gauges}) - sum(${gauges})`;
}

/** How many series meet the condition: 0 if none does, no data if there are no series. */
export function countWhere(expr: string, condition: string): string {
  return `count((${expr}) ${condition}) or 0 * count(${expr})`;
}

/** Failed probes per second. */
export function failureRate(labels: string, counter: string, ...matchers: string[]): string {
  return sum(labels, rate(agents(counter, FAILED, ...matchers)));
}

/** Failed probes as a ratio of those that ran; no data if none ran. */
export function failureRatio(labels: string, counter: string, ...matchers: string[]): string {
  const ran = sum(labels, rate(agents(counter, RAN, ...matchers)));
  return `${failureRate(labels, counter, ...matchers)} / (${ran} > 0)`;
}

/** A counter as a ratio of the probes that ran. */
export function ratioOfProbes(labels: string, counter: string, probes: string): string {
  return `${sum(labels, rate(agents(counter)))} / (${sum(labels, rate(agents(probes, RAN)))} > 0)`;
}

/** A quantile of a histogram of the agents. Works for classic and for native histograms. */
export function quantile(
  rank: number,
  labels: string,
  histogram: string,
  ...matchers: string[]
): string {
  return quantileOf(
    rank,
    labels,
    agents(`${histogram}_bucket`, ...matchers),
    agents(histogram, ...matchers),
  );
}

/** A quantile of a histogram of the controller. */
export function controllerQuantile(rank: number, labels: string, histogram: string): string {
  return quantileOf(rank, labels, cluster(`${histogram}_bucket`), cluster(histogram));
}

function quantileOf(rank: number, labels: string, classic: string, native: string): string {
  const buckets = sum(labels ? `le, ${labels}` : 'le', rate(classic));
  return (
    `histogram_quantile(${rank}, ${buckets})` +
    ` or histogram_quantile(${rank}, ${sum(labels, rate(native))})`
  );
}

/** The buckets of a histogram for a heatmap. Works for classic and for native histograms. */
export function buckets(histogram: string, ...matchers: string[]): string {
  const classic = increase(agents(`${histogram}_bucket`, ...matchers));
  const native = sum('', increase(agents(histogram, ...matchers)));
  return `${sum('le', classic)} or (${native} unless on () ${sum('', classic)})`;
}

/** Seconds since the leading controller last reported. */
export const DIAGNOSIS_AGE =
  'time() - ' + max('', cluster('eksnet_controller_heartbeat_timestamp_seconds'));

const FINDINGS = cluster('eksnet_diagnosis_active');

/** 0 while a controller diagnoses. Separates "no finding" from "no diagnosis". */
const DIAGNOSED = `0 * (${DIAGNOSIS_AGE} < 180)`;

/** One series per active finding, with the value 1. */
export const ACTIVE_FINDINGS = max('cause, layer, scope, confidence', FINDINGS) + ' == 1';

/** Number of active causes; no data without a diagnosis. */
export const CAUSE_COUNT = `count(${max('cause, scope', FINDINGS)} == 1) or ${DIAGNOSED}`;

/**
 * When each active finding began, in seconds since the epoch: after the last sample with the value
 * 0, or at the start of the dashboard's time range.
 */
export const FINDING_SINCE = (() => {
  const findings = max('cause, layer, scope', FINDINGS);
  return (
    `(max_over_time(timestamp(${findings} == 0)[$__range:1m])` +
    ` or min_over_time(timestamp(${findings} == 1)[$__range:1m])) and (${findings} == 1)`
  );
})();

/** 1 while a cause in this layer is active, otherwise 0; no data without a diagnosis. */
export function layerState(layer: string): string {
  return `max(${cluster('eksnet_diagnosis_active', `layer="${layer}"`)}) or ${DIAGNOSED}`;
}

/** The clusters of the last week: also those from which no agent reports now. */
export const CLUSTERS =
  'count by (cluster) (eksnet_build_info) or count by (cluster) (last_over_time(cluster:eksnet_tasks:sum[7d]))';
