// The health of eksnet itself: reporting, scheduling, data freshness and resource usage.

import { buildDashboard, type Row } from './dashboard.js';
import {
  DASHBOARDS,
  DIAGNOSIS_AGE_THRESHOLDS,
  ZERO_IS_GOOD,
  label,
  mapValues,
  query,
  runbooks,
  stacked,
  stat,
  stateTimeline,
  table,
  thresholds,
  timeSeries,
  units,
  value,
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
        query(
          `clamp_min(${max('', cluster('eksnet_agents_desired'))}` +
            ` - ${max('', cluster('eksnet_agents_reporting'))}, 0)`,
          'missing',
        ),
      ],
      thresholds: ZERO_IS_GOOD,
      noValue: 'unknown',
      links: runbooks('EksNetAgentMissing'),
    }),
    stat({
      title: 'Leaders',
      description:
        'Controllers that lead. The expected value is 1; with 0 there are no polls and no diagnosis.',
      queries: [query(sum('', cluster('eksnet_leader')), 'leaders')],
      thresholds: thresholds('red', [1, 'green'], [2, 'orange']),
      noValue: 'no controller',
      links: runbooks('EksNetNoData'),
    }),
    stat({
      title: 'Diagnosis age',
      description: 'Time since the last heartbeat of the leading controller.',
      unit: units.Seconds,
      queries: [query(DIAGNOSIS_AGE, 'age')],
      thresholds: DIAGNOSIS_AGE_THRESHOLDS,
      noValue: 'no leader',
      links: runbooks('EksNetNoData'),
    }),
    stat({
      title: 'Oldest plan',
      description:
        'Longest time since an agent last fetched its plan from the controller. Agents keep running the' +
        ' plan they have.',
      unit: units.Seconds,
      queries: [query(max('', agents('eksnet_plan_age_seconds')), 'age')],
      thresholds: thresholds('green', [120, 'orange'], [600, 'red']),
      noValue: 'no plan',
    }),
    stat({
      title: 'Failed config reloads',
      description:
        'Processes whose last configuration reload failed. They keep running the previous configuration.',
      queries: [query(countZero(cluster('eksnet_config_last_reload_successful')), 'processes')],
      thresholds: ZERO_IS_GOOD,
      links: runbooks('EksNetConfigReloadFailed'),
    }),
    stat({
      title: 'Stale polls',
      description:
        'Inventory polls without a success for more than five intervals. Panels and findings that depend' +
        ' on them have no data.',
      queries: [query(countWhere(POLL_AGE_IN_INTERVALS, '> 5'), 'polls')],
      thresholds: ZERO_IS_GOOD,
      noValue: 'unknown',
      links: runbooks('EksNetPollStale'),
    }),
  ],
};

const schedule: Row = {
  title: 'Schedule',
  open: true,
  panels: [
    stacked({
      title: 'Missed probes',
      description:
        'Probes that were due and did not run, by reason: stall of the process, too many probes in flight' +
        ' (capacity), overlap with the previous probe, shutdown, or a failure of the prober itself.',
      unit: units.CountsPerSecond,
      queries: [query(sum('reason', rate(agents('eksnet_probe_missed_total'))), '{{reason}}')],
      links: runbooks('EksNetProbesNotRun'),
    }),
    timeSeries({
      title: 'Schedule lag',
      description: 'Delay of probe starts behind schedule: median and 99th percentile.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, '', 'eksnet_schedule_lag_seconds'), 'median'),
        query(quantile(0.99, '', 'eksnet_schedule_lag_seconds'), 'p99'),
      ],
      links: runbooks('EksNetScheduleLagging'),
    }),
    timeSeries({
      title: 'Event loop stalls',
      description:
        '99th percentile of event loop stalls long enough to invalidate measurements. No data if there' +
        ' were no stalls.',
      unit: units.Seconds,
      queries: [query(quantile(0.99, 'node', 'eksnet_event_loop_stall_seconds'), '{{node}}')],
    }),
    timeSeries({
      title: 'Probes in flight',
      description: 'Probes in flight on each node, in the process with the most.',
      queries: [query(max('node', agents('eksnet_probes_in_flight')), '{{node}}')],
    }),
    stacked({
      title: 'Tasks',
      description: 'Scheduled tasks of all agents by kind of probe.',
      queries: [query(sum('kind', agents('eksnet_tasks')), '{{kind}}')],
    }),
    timeSeries({
      title: 'Dropped targets and log events',
      description:
        'Targets that are not probed because the limit of targets is reached, by kind, and log events' +
        ' that were dropped because the log was written too slowly.',
      unit: units.CountsPerSecond,
      queries: [
        query(sum('kind', rate(agents('eksnet_targets_dropped_total'))), '{{kind}}'),
        query(sum('', rate(agents('eksnet_log_events_dropped_total'))), 'log events'),
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
      queries: [query(POLL_AGE), query(POLL_INTERVAL), query(POLL_AGE_IN_INTERVALS)],
      noValue: 'unknown',
      links: runbooks('EksNetPollStale'),
      height: 9,
      columns: [
        label('poll', 'Resource type'),
        label('service', 'Source'),
        value('A', 'Age', units.Seconds),
        value('B', 'Interval', units.Seconds),
        value('C', 'Age in intervals', units.Short, {
          thresholds: thresholds('green', [3, 'orange'], [5, 'red']),
        }),
      ],
    }),
    stateTimeline({
      title: 'Leader',
      description:
        'Which controller leads over time. Frequent changes indicate restarts or API timeouts.',
      queries: [query(max('instance', cluster('eksnet_leader')), '{{instance}}')],
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
      queries: [query(sum('outcome', rate(cluster(AWS_REQUESTS))), '{{outcome}}')],
      links: runbooks('EksNetAwsApiDenied', 'EksNetAwsApiThrottled'),
    }),
    table({
      title: 'Failed AWS API requests',
      description: 'AWS API requests that failed, by operation and outcome.',
      queries: [
        query(
          sum('service, operation, outcome', rate(cluster(AWS_REQUESTS, 'outcome!="ok"'))) + ' > 0',
        ),
      ],
      noValue: 'none',
      links: runbooks('EksNetAwsApiDenied', 'EksNetAwsApiThrottled'),
      columns: [
        label('service', 'Service'),
        label('operation', 'Operation'),
        label('outcome', 'Outcome'),
        value('A', 'Requests per second', units.RequestsPerSecond),
      ],
    }),
    timeSeries({
      title: 'AWS API request duration',
      description: '99th percentile of the duration of AWS API requests, whatever their outcome.',
      unit: units.Seconds,
      queries: [
        query(
          controllerQuantile(0.99, 'service', 'eksnet_aws_api_request_duration_seconds'),
          '{{service}}',
        ),
      ],
    }),
    table({
      title: 'Dropped series',
      description: 'Inventory series that are not exported because their limit is reached.',
      queries: [query(max('metric', cluster('eksnet_inventory_series_dropped')) + ' > 0')],
      noValue: 'none',
      columns: [label('metric', 'Metric'), value('A', 'Series', units.Short)],
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
        query(
          ofEksnet(sum('node, instance', rate(agents('process_cpu_seconds_total')))),
          '{{node}} {{instance}}',
        ),
      ],
    }),
    timeSeries({
      title: 'Memory',
      description: 'Resident memory of each process.',
      unit: units.BytesIEC,
      queries: [
        query(
          ofEksnet(max('node, instance', agents('process_resident_memory_bytes'))),
          '{{node}} {{instance}}',
        ),
      ],
    }),
    timeSeries({
      title: 'Heap',
      description: 'Used heap of each process.',
      unit: units.BytesIEC,
      queries: [
        query(
          ofEksnet(sum('node, instance', agents('jvm_memory_used_bytes', 'area="heap"'))),
          '{{node}} {{instance}}',
        ),
      ],
    }),
    timeSeries({
      title: 'Garbage collection time',
      description: 'Ratio of time that each process pauses for garbage collection.',
      unit: units.PercentUnit,
      queries: [
        query(
          ofEksnet(sum('node, instance', rate(agents('jvm_gc_pause_seconds_sum')))),
          '{{node}} {{instance}}',
        ),
      ],
    }),
    table({
      title: 'Versions',
      description:
        'Processes by version, and the oldest successful configuration reload among them. More than one' +
        ' version is normal during a rollout only.',
      queries: [
        query(count(VERSION, cluster('eksnet_build_info'))),
        query(
          min(
            VERSION,
            cluster('eksnet_build_info') +
              ' * on (instance) group_left () ' +
              cluster('eksnet_config_last_reload_success_timestamp_seconds'),
          ) + ' * 1000',
        ),
      ],
      width: 24,
      height: 6,
      columns: [
        label('version', 'Version'),
        label('revision', 'Revision'),
        label('java_version', 'Java'),
        value('A', 'Processes', units.Short),
        value('B', 'Oldest config', units.DateTimeFromNow),
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
