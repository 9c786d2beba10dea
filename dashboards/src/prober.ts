// The health of eksnet itself: reporting, scheduling, data freshness and resource usage.

import { buildDashboard, type Row } from './dashboard.js';
import {
  DASHBOARDS,
  DIAGNOSIS_AGE_LIMITS,
  ZERO_IS_GOOD,
  mapValues,
  runbooks,
  stacked,
  stat,
  stateTimeline,
  table,
  thresholds,
  timeSeries,
  units,
} from './panels.js';
import {
  DIAGNOSIS_AGE,
  agents,
  cluster,
  controllerQuantile,
  count,
  countWhere,
  countZero,
  max,
  min,
  quantile,
  rate,
  sum,
} from './promql.js';

const POLL = 'poll, service';
const POLL_INTERVAL = max(POLL, cluster('eksnet_poll_interval_seconds'));
const POLL_AGE = 'time() - ' + max(POLL, cluster('eksnet_poll_last_success_timestamp_seconds'));
const POLL_AGE_IN_INTERVALS = `(${POLL_AGE}) / ${POLL_INTERVAL}`;
const AWS_REQUESTS = 'eksnet_aws_api_requests_total';

const summary: Row = {
  panels: [
    stat({
      title: 'Agents missing',
      description:
        'Agents that the DaemonSet should run and that do not report. The diagnosis does not cover their' +
        ' nodes.',
      queries: [
        {
          expr:
            `clamp_min(${max('', cluster('eksnet_agents_desired'))}` +
            ` - ${max('', cluster('eksnet_agents_reporting'))}, 0)`,
          legend: 'missing',
        },
      ],
      thresholds: ZERO_IS_GOOD,
      noValue: 'unknown',
      links: runbooks('EksNetAgentMissing'),
    }),
    stat({
      title: 'Leaders',
      description:
        'Controllers that lead. The expected value is 1; with 0 there are no polls and no diagnosis.',
      queries: [{ expr: sum('', cluster('eksnet_leader')), legend: 'leaders' }],
      thresholds: thresholds('red', [1, 'green'], [2, 'orange']),
      noValue: 'no controller',
      links: runbooks('EksNetNoData'),
    }),
    stat({
      title: 'Diagnosis age',
      description: 'Time since the last heartbeat of the leading controller.',
      unit: units.Seconds,
      queries: [{ expr: DIAGNOSIS_AGE, legend: 'age' }],
      thresholds: DIAGNOSIS_AGE_LIMITS,
      noValue: 'no leader',
      links: runbooks('EksNetNoData'),
    }),
    stat({
      title: 'Oldest plan',
      description:
        'Longest time since an agent last fetched its plan from the controller. Agents keep running the' +
        ' plan they have.',
      unit: units.Seconds,
      queries: [{ expr: max('', agents('eksnet_plan_age_seconds')), legend: 'age' }],
      thresholds: thresholds('green', [120, 'orange'], [600, 'red']),
      noValue: 'no plan',
    }),
    stat({
      title: 'Failed config reloads',
      description:
        'Processes whose last configuration reload failed. They keep running the previous configuration.',
      queries: [
        {
          expr: countZero(cluster('eksnet_config_last_reload_successful')),
          legend: 'processes',
        },
      ],
      thresholds: ZERO_IS_GOOD,
      links: runbooks('EksNetConfigReloadFailed'),
    }),
    stat({
      title: 'Stale polls',
      description:
        'Inventory polls without a success for more than five intervals. Panels and findings that depend' +
        ' on them have no data.',
      queries: [{ expr: countWhere(POLL_AGE_IN_INTERVALS, '> 5'), legend: 'polls' }],
      thresholds: ZERO_IS_GOOD,
      noValue: 'unknown',
      links: runbooks('EksNetPollStale'),
    }),
  ],
};

const schedule: Row = {
  title: 'Schedule',
  panels: [
    stacked({
      title: 'Missed probes',
      description:
        'Probes that were due and did not run, or whose results are discarded, by reason: overlap with' +
        ' the previous probe, stall of the process, or too many probes in flight.',
      unit: units.CountsPerSecond,
      queries: [
        {
          expr: sum('reason', rate(agents('eksnet_probe_missed_total'))),
          legend: '{{reason}}',
        },
      ],
      links: runbooks('EksNetProbesNotRun'),
    }),
    timeSeries({
      title: 'Schedule lag',
      description: 'Delay of probe starts behind schedule: median and 99th percentile.',
      unit: units.Seconds,
      queries: [
        { expr: quantile(0.5, '', 'eksnet_schedule_lag_seconds'), legend: 'median' },
        { expr: quantile(0.99, '', 'eksnet_schedule_lag_seconds'), legend: 'p99' },
      ],
      links: runbooks('EksNetScheduleLagging'),
    }),
    timeSeries({
      title: 'Event loop stalls',
      description:
        '99th percentile of event loop stalls long enough to invalidate measurements. No data if there' +
        ' were no stalls.',
      unit: units.Seconds,
      queries: [
        { expr: quantile(0.99, 'node', 'eksnet_event_loop_stall_seconds'), legend: '{{node}}' },
      ],
    }),
    timeSeries({
      title: 'Probes in flight',
      description: 'Probes in flight on each node, in the process with the most.',
      queries: [
        { expr: max('node', agents('eksnet_probes_in_flight')), legend: '{{node}}' },
      ],
    }),
    stacked({
      title: 'Tasks',
      description: 'Scheduled tasks of all agents by kind of probe.',
      queries: [{ expr: sum('kind', agents('eksnet_tasks')), legend: '{{kind}}' }],
    }),
    timeSeries({
      title: 'Dropped targets',
      description: 'Targets that are not probed because the limit of targets is reached.',
      unit: units.CountsPerSecond,
      queries: [
        {
          expr: sum('kind', rate(agents('eksnet_targets_dropped_total'))),
          legend: '{{kind}}',
        },
      ],
    }),
  ],
};

const inventory: Row = {
  title: 'Inventory',
  panels: [
    table({
      title: 'Polls',
      description:
        'Age of each resource type of the inventory, in seconds and in poll intervals. After three missed' +
        ' intervals the data is stale and its series are removed.',
      queries: [{ expr: POLL_AGE }, { expr: POLL_INTERVAL }, { expr: POLL_AGE_IN_INTERVALS }],
      noValue: 'unknown',
      links: runbooks('EksNetPollStale'),
      height: 9,
      columns: [
        { field: 'poll', title: 'Resource type' },
        { field: 'service', title: 'Source' },
        { field: 'A', title: 'Age', unit: units.Seconds },
        { field: 'B', title: 'Interval', unit: units.Seconds },
        {
          field: 'C',
          title: 'Age in intervals',
          unit: units.Short,
          thresholds: thresholds('green', [3, 'orange'], [5, 'red']),
        },
      ],
    }),
    stateTimeline({
      title: 'Leader',
      description: 'Which controller leads over time. Frequent changes indicate restarts or API timeouts.',
      queries: [{ expr: max('instance', cluster('eksnet_leader')), legend: '{{instance}}' }],
      thresholds: thresholds('blue', [1, 'green']),
      mappings: mapValues({ 0: ['standby', 'blue'], 1: ['leader', 'green'] }),
      width: 12,
      height: 9,
    }),
    stacked({
      title: 'AWS API requests',
      description:
        'AWS API requests by outcome. Denied requests need a permission, throttled requests a higher' +
        ' quota or a longer interval.',
      unit: units.RequestsPerSecond,
      queries: [{ expr: sum('outcome', rate(cluster(AWS_REQUESTS))), legend: '{{outcome}}' }],
      links: runbooks('EksNetAwsApiDenied', 'EksNetAwsApiThrottled'),
    }),
    table({
      title: 'Failed AWS API requests',
      description: 'AWS API requests that failed, by operation and outcome.',
      queries: [
        {
          expr:
            sum('service, operation, outcome', rate(cluster(AWS_REQUESTS, 'outcome!="ok"'))) +
            ' > 0',
        },
      ],
      noValue: 'none',
      links: runbooks('EksNetAwsApiDenied', 'EksNetAwsApiThrottled'),
      columns: [
        { field: 'service', title: 'Service' },
        { field: 'operation', title: 'Operation' },
        { field: 'outcome', title: 'Outcome' },
        { field: 'A', title: 'Requests per second', unit: units.RequestsPerSecond },
      ],
    }),
    timeSeries({
      title: 'AWS API request duration',
      description: '99th percentile of the duration of AWS API requests, whatever their outcome.',
      unit: units.Seconds,
      queries: [
        {
          expr: controllerQuantile(0.99, 'service', 'eksnet_aws_api_request_duration_seconds'),
          legend: '{{service}}',
        },
      ],
    }),
    table({
      title: 'Dropped series',
      description: 'Inventory series that are not exported because their limit is reached.',
      queries: [{ expr: max('metric', cluster('eksnet_inventory_series_dropped')) + ' > 0' }],
      noValue: 'none',
      columns: [
        { field: 'metric', title: 'Metric' },
        { field: 'A', title: 'Series', unit: units.Short },
      ],
    }),
  ],
};

/** Restricts metrics of the JVM and of the process to the processes of eksnet. */
const ofEksnet = (expr: string) => `${expr} and on (instance) ${agents('eksnet_build_info')}`;
const VERSION = 'version, revision, java_version';

const resources: Row = {
  title: 'Resource usage',
  panels: [
    timeSeries({
      title: 'CPU',
      description: 'CPU cores used by each process.',
      queries: [
        {
          expr: ofEksnet(sum('node, instance', rate(agents('process_cpu_seconds_total')))),
          legend: '{{node}} {{instance}}',
        },
      ],
    }),
    timeSeries({
      title: 'Memory',
      description: 'Resident memory of each process.',
      unit: units.BytesIEC,
      queries: [
        {
          expr: ofEksnet(max('node, instance', agents('process_resident_memory_bytes'))),
          legend: '{{node}} {{instance}}',
        },
      ],
    }),
    timeSeries({
      title: 'Heap',
      description: 'Used heap of each process.',
      unit: units.BytesIEC,
      queries: [
        {
          expr: ofEksnet(sum('node, instance', agents('jvm_memory_used_bytes', 'area="heap"'))),
          legend: '{{node}} {{instance}}',
        },
      ],
    }),
    timeSeries({
      title: 'Garbage collection time',
      description: 'Ratio of time that each process pauses for garbage collection.',
      unit: units.PercentUnit,
      queries: [
        {
          expr: ofEksnet(sum('node, instance', rate(agents('jvm_gc_pause_seconds_sum')))),
          legend: '{{node}} {{instance}}',
        },
      ],
    }),
    table({
      title: 'Versions',
      description:
        'Processes by version, and the oldest successful configuration reload among them. More than one' +
        ' version is normal during a rollout only.',
      queries: [
        { expr: count(VERSION, cluster('eksnet_build_info')) },
        {
          expr:
            min(
              VERSION,
              cluster('eksnet_build_info') +
                ' * on (instance) group_left () ' +
                cluster('eksnet_config_last_reload_success_timestamp_seconds'),
            ) + ' * 1000',
        },
      ],
      width: 24,
      height: 6,
      columns: [
        { field: 'version', title: 'Version' },
        { field: 'revision', title: 'Revision' },
        { field: 'java_version', title: 'Java' },
        { field: 'A', title: 'Processes', unit: units.Short },
        { field: 'B', title: 'Oldest config', unit: units.DateTimeFromNow },
      ],
    }),
  ],
};

export const prober = buildDashboard({
  ...DASHBOARDS.prober,
  description:
    'Shows whether the results of eksnet are complete and up to date: agents, schedule, inventory and' +
    ' resource usage.',
  rows: [summary, schedule, inventory, resources],
});
