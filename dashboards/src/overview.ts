// The starting point: which layer is broken, since when, and where to look next.

import { buildDashboard, type Row } from './dashboard.js';
import {
  DASHBOARDS,
  DAY,
  DIAGNOSIS_AGE_THRESHOLDS,
  FAILURE_THRESHOLDS,
  FREE_RATIO_THRESHOLDS,
  RUNBOOKS,
  ZERO_IS_GOOD,
  dashboardLink,
  label,
  mapValues,
  query,
  runbooks,
  stat,
  stateTimeline,
  table,
  thresholds,
  timeSeries,
  units,
  value,
} from './panels.js';
import {
  ACTIVE_FINDINGS,
  CAUSE_COUNT,
  CLUSTERS,
  DIAGNOSIS_AGE,
  FINDING_SINCE,
  cluster,
  count,
  failureRatio,
  layerState,
  max,
  min,
  zone,
} from './promql.js';

const LAYERS = ['dns', 'l3', 'l4', 'l7', 'credentials', 'cluster', 'prober'];
const CLUSTER_DNS = 'path=~"service|nodelocal"';

function failureStat(
  title: string,
  counter: string,
  link: { uid: string; title: string },
  ...matchers: string[]
) {
  return stat({
    title,
    description:
      'Ratio of failed probes from the selected zones and nodes. Follow the link for details.',
    unit: units.PercentUnit,
    queries: [query(failureRatio('', counter, ...matchers), 'failed')],
    thresholds: FAILURE_THRESHOLDS,
    noValue: 'not probed',
    links: [dashboardLink(link)],
    height: 3,
  });
}

const freeAddresses = min('subnet_id', zone('eksnet_subnet_available_ips'));
const usableAddresses = min('subnet_id', zone('eksnet_subnet_usable_ips'));

const diagnosis: Row = {
  panels: [
    stat({
      title: 'Active causes',
      description:
        'Number of root causes that the diagnosis currently finds. "no diagnosis" means that no' +
        ' controller is running the diagnosis; it does not mean that the network is healthy.',
      queries: [query(CAUSE_COUNT, 'causes')],
      thresholds: ZERO_IS_GOOD,
      mappings: mapValues({ 0: ['all clear', 'green'] }),
      noValue: 'no diagnosis',
      links: [...runbooks('EksNetDiagnosis'), dashboardLink(DASHBOARDS.prober)],
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Oldest cause',
      description:
        'When the oldest active cause started. A cause that started before the time range of the' +
        ' dashboard shows the start of the range.',
      unit: units.DateTimeFromNow,
      queries: [query(`min(${FINDING_SINCE}) * 1000`, 'since')],
      noValue: 'none',
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Agents',
      description:
        'Agents whose results reach the diagnosis, and agents that the DaemonSet should run. The' +
        ' diagnosis does not cover nodes without a reporting agent.',
      queries: [
        query(max('', cluster('eksnet_agents_reporting')), 'reporting'),
        query(max('', cluster('eksnet_agents_desired')), 'desired'),
      ],
      links: [dashboardLink(DASHBOARDS.prober), ...runbooks('EksNetAgentMissing')],
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Diagnosis age',
      description:
        'Time since the last heartbeat of the leading controller. Do not rely on the panels below' +
        ' if this value is red.',
      unit: units.Seconds,
      queries: [query(DIAGNOSIS_AGE, 'age')],
      thresholds: DIAGNOSIS_AGE_THRESHOLDS,
      noValue: 'no leader',
      links: [dashboardLink(DASHBOARDS.prober), ...runbooks('EksNetNoData')],
      width: 6,
      height: 4,
    }),
    failureStat('Cluster DNS failures', 'eksnet_dns_probe_total', DASHBOARDS.dns, CLUSTER_DNS),
    failureStat('Service failures', 'eksnet_service_probe_total', DASHBOARDS.services),
    failureStat('Pod-to-pod failures', 'eksnet_pod_probe_total', DASHBOARDS.services),
    failureStat('Load balancer failures', 'eksnet_lb_probe_total', DASHBOARDS.loadBalancers),
    failureStat('STS failures', 'eksnet_sts_probe_total', DASHBOARDS.services),
    stat({
      title: 'Lowest free IP ratio',
      description: 'Ratio of free to usable IP addresses in the fullest subnet.',
      unit: units.PercentUnit,
      queries: [query(`min(${freeAddresses} / ${usableAddresses})`, 'free')],
      thresholds: FREE_RATIO_THRESHOLDS,
      links: [dashboardLink(DASHBOARDS.subnets), ...runbooks('EksNetSubnetIpLow')],
      height: 3,
    }),
    table({
      title: 'Active findings',
      description:
        'Every active root cause with its layer, the affected scope, the confidence of the' +
        ' diagnosis and the start time. The cause links to its runbook section; the status page of' +
        ' eksnet shows the evidence.',
      queries: [
        query(
          `((${FINDING_SINCE}) * 1000)` +
            ` * on (cause, layer, scope) group_right () (${ACTIVE_FINDINGS})`,
        ),
      ],
      noValue: 'no active findings',
      width: 24,
      height: 7,
      columns: [
        label('layer', 'Layer'),
        label('cause', 'Cause', {
          links: [
            {
              title: 'Runbook section for ${__value.raw}',
              url: `${RUNBOOKS}EksNetDiagnosis.md#` + '${__value.raw}',
            },
          ],
        }),
        label('scope', 'Scope'),
        label('confidence', 'Confidence'),
        value('A', 'Since', units.DateTimeFromNow),
      ],
    }),
    stateTimeline({
      title: 'Layers',
      description:
        'When the diagnosis found a cause in each layer. Gaps are periods without a diagnosis. If' +
        ' several layers turn red at the same time, start with the uppermost row.',
      queries: LAYERS.map((layer) => query(layerState(layer), layer)),
      thresholds: ZERO_IS_GOOD,
      mappings: mapValues({ 0: ['clear', 'green'], 1: ['cause found', 'red'] }),
      height: 7,
    }),
  ],
};

const probes: Row = {
  title: 'Probe results',
  panels: [
    timeSeries({
      title: 'Failure ratio by probe type',
      description:
        'Ratio of failed probes from the selected zones and nodes. If all lines rise together, look' +
        ' for a common cause such as DNS. Gaps are periods without probes.',
      unit: units.PercentUnit,
      queries: [
        query(failureRatio('', 'eksnet_dns_probe_total', CLUSTER_DNS), 'cluster DNS'),
        query(failureRatio('', 'eksnet_dns_probe_total', 'path="vpc_resolver"'), 'VPC resolver'),
        query(failureRatio('', 'eksnet_service_probe_total'), 'Services'),
        query(failureRatio('', 'eksnet_pod_probe_total'), 'pod to pod'),
        query(failureRatio('', 'eksnet_lb_probe_total'), 'load balancers'),
        query(failureRatio('', 'eksnet_sts_probe_total'), 'STS'),
        query(failureRatio('', 'eksnet_probe_total'), 'custom probes'),
      ],
      height: 9,
    }),
    timeSeries({
      title: 'Failure ratio by source zone',
      description:
        'Ratio of failed DNS queries and failed probes between agents, by the zone of the agent that' +
        ' sent them. One zone above the others indicates a problem of that zone.',
      unit: units.PercentUnit,
      queries: [
        query(failureRatio('az', 'eksnet_dns_probe_total'), 'DNS from {{az}}'),
        query(failureRatio('src_az', 'eksnet_pod_probe_total'), 'pods from {{src_az}}'),
      ],
      height: 9,
    }),
  ],
};

const EKSNET_ALERTS = 'alertname=~"EksNet.*",cluster=~"$cluster|"';
const FIRING = `ALERTS{${EKSNET_ALERTS},alertstate="firing"}`;

const alerts: Row = {
  title: 'Alerts',
  panels: [
    table({
      title: 'Firing alerts',
      description:
        'Alerts of eksnet that are firing. The name links to the runbook. EksNetWatchdog always' +
        ' fires: if it is missing, Prometheus has not loaded the rules.',
      queries: [
        query(
          'max by (alertname, severity, layer) ' +
            `(ALERTS_FOR_STATE{${EKSNET_ALERTS}} and ignoring (alertstate) ${FIRING}) * 1000`,
        ),
        query(count('alertname, severity, layer', FIRING)),
      ],
      noValue: 'no data; check that the rules are loaded',
      width: 24,
      columns: [
        label('alertname', 'Alert', {
          links: [{ title: 'Runbook', url: RUNBOOKS + '${__value.raw}.md' }],
        }),
        label('severity', 'Severity'),
        label('layer', 'Layer'),
        value('A', 'Since', units.DateTimeFromNow),
        value('B', 'Count', units.Short),
      ],
    }),
  ],
};

const platform: Row = {
  title: 'Cluster',
  panels: [
    table({
      title: 'Crash-looping components',
      description: 'Network components with containers in a crash loop, with the cause.',
      queries: [query(max('component, cause', cluster('eksnet_component_crashloop')) + ' == 1')],
      noValue: 'none',
      links: runbooks('EksNetComponentCrashLoop'),
      height: 6,
      columns: [label('component', 'Component'), label('cause', 'Cause')],
    }),
    table({
      title: 'EKS health issues',
      description: 'Health issues that EKS reports for the cluster and for its add-ons.',
      queries: [
        query(
          max('code', cluster('eksnet_cluster_health_issue')) +
            ' == 1 or ' +
            max('addon, code', cluster('eksnet_addon_health_issue')) +
            ' == 1',
        ),
      ],
      noValue: 'none',
      links: runbooks('EksNetClusterHealthIssue', 'EksNetAddonHealthIssue'),
      height: 6,
      columns: [label('code', 'Code'), label('addon', 'Add-on')],
    }),
    stat({
      title: 'Standard support remaining',
      description:
        'Time until standard support for the Kubernetes version of the cluster ends. After that, AWS' +
        ' charges for extended support unless the upgrade policy prevents it.',
      unit: units.DurationSeconds,
      queries: [
        query(
          max('version', cluster('eksnet_cluster_standard_support_end_timestamp_seconds')) +
            ' - time()',
          '{{version}}',
        ),
      ],
      thresholds: thresholds('red', [0, 'orange'], [60 * DAY, 'green']),
      links: runbooks('EksNetExtendedSupportAhead'),
      width: 12,
    }),
    stat({
      title: 'Upgrade policy',
      description: 'The type of support that the cluster gets when standard support ends.',
      unit: units.String,
      queries: [
        query(
          max('support_type', cluster('eksnet_cluster_upgrade_policy')) + ' == 1',
          '{{support_type}}',
        ),
      ],
      mappings: mapValues({ 1: ['active', 'blue'] }),
      noValue: 'unknown',
      width: 12,
    }),
  ],
};

const clusters: Row = {
  title: 'All clusters',
  panels: [
    table({
      title: 'Causes by cluster',
      description:
        'All clusters of the last week in this Prometheus with their active causes and notices, the age of the diagnosis and the' +
        ' number of processes that report. The name links to the overview of the cluster.',
      queries: [
        query(`count by (cluster) (eksnet_build_info) or 0 * (${CLUSTERS})`),
        query(
          'count by (cluster)' + ' (max by (cluster, cause, scope) (eksnet_diagnosis_active) == 1)',
        ),
        query('time() - max by (cluster) (eksnet_controller_heartbeat_timestamp_seconds)'),
        query(
          'count by (cluster)' + ' (max by (cluster, notice) (eksnet_notice_active) == 1)',
        ),
        query('sum by (cluster) (max by (cluster, cause) (eksnet_incident_open))'),
      ],
      width: 24,
      height: 7,
      columns: [
        label('cluster', 'Cluster', {
          links: [
            {
              title: 'Overview',
              url:
                `/d/${DASHBOARDS.overview.uid}` +
                '?${__url_time_range}&${datasource:queryparam}&var-cluster=${__value.raw}',
            },
          ],
        }),
        value('B', 'Causes', units.Short, { thresholds: ZERO_IS_GOOD }),
        value('E', 'Root causes of open incidents', units.Short, { thresholds: ZERO_IS_GOOD }),
        value('D', 'Notices', units.Short),
        value('C', 'Diagnosis age', units.Seconds, { thresholds: DIAGNOSIS_AGE_THRESHOLDS }),
        value('A', 'Agents and controllers', units.Short),
      ],
    }),
  ],
};

export const overview = buildDashboard({
  ...DASHBOARDS.overview,
  description:
    'Shows which layer of the cluster network is broken, since when, and where to look next.',
  rows: [diagnosis, probes, alerts, platform, clusters],
});
