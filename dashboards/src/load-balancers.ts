// Load balancers: what clients get, the health of targets, and the reasons.

import { buildDashboard, labelVariable, type Row } from './dashboard.js';
import {
  CERTIFICATE_THRESHOLDS,
  DASHBOARDS,
  FAILURE_THRESHOLDS,
  ONE_IS_GOOD,
  ZERO_IS_GOOD,
  label,
  mapGoodBad,
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
  agents,
  cluster,
  countWhere,
  countZero,
  failureRate,
  failureRatio,
  max,
  min,
  quantile,
  rate,
  sum,
} from './promql.js';

const PROBES = 'eksnet_lb_probe_total';
const TARGET_PROBES = 'eksnet_target_probe_total';
const ADDRESS_PROBES = 'eksnet_lb_address_probe_total';
const ADDRESS = 'lb, az, address_index';
const LB = 'lb=~"$lb"';

// max and min count everything once while the leader changes and two controllers report.
const ACTIVE = max('lb', cluster('eksnet_lb_state', LB, 'state="active"'));
const FAILING_ADDRESSES = max('lb', agents('eksnet_lb_probe_addresses', LB, 'state="failing"'));
const PATHS = min('lb, target_group, eni, port, kind', cluster('eksnet_sg_path_permitted', LB));
const TARGET_LABELS = 'lb, target_group, namespace, service, state, reason';

/** Targets of each target group in this state, whatever the reason. */
function targetsIn(state: string): string {
  const byReason = max(
    'lb, target_group, reason',
    cluster('eksnet_target_health', LB, `state="${state}"`),
  );
  return sum('lb, target_group', byReason);
}

const summary: Row = {
  panels: [
    stat({
      title: 'Failure ratio',
      description: 'Ratio of failed requests to load balancers.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('', PROBES, LB), 'failed')],
      thresholds: FAILURE_THRESHOLDS,
      noValue: 'not probed',
      links: runbooks('EksNetLbProbeUnreachable'),
    }),
    stat({
      title: 'Failing addresses',
      description:
        'Load balancer addresses at which requests fail, as counted by the agent that sees most' +
        ' failures. If one of several addresses fails, only some client connections fail.',
      queries: [query(`sum(${FAILING_ADDRESSES})`, 'addresses')],
      thresholds: ZERO_IS_GOOD,
      noValue: 'not probed',
      links: runbooks('EksNetLbProbeUnreachable'),
    }),
    stat({
      title: 'Not active',
      description:
        'Load balancers that are not in state "active". A new load balancer is in state' +
        ' "provisioning" for a few minutes.',
      queries: [query(countZero(ACTIVE), 'load balancers')],
      thresholds: ZERO_IS_GOOD,
      noValue: 'unknown',
      links: runbooks('EksNetLbNotActive', 'EksNetLbProvisioningStuck'),
    }),
    stat({
      title: 'Target groups without a healthy target',
      description:
        'Target groups with unhealthy targets and no healthy target. The load balancer then routes' +
        ' requests to all targets, so that users may not notice yet.',
      queries: [
        query(
          `count((${targetsIn('unhealthy')}) > 0 and (${targetsIn('healthy')}) == 0)` +
            ` or 0 * count(${targetsIn('healthy')})`,
          'target groups',
        ),
      ],
      thresholds: ZERO_IS_GOOD,
      noValue: 'unknown',
      links: runbooks('EksNetTargetGroupAllUnhealthy'),
    }),
    stat({
      title: 'Blocked by security groups',
      description:
        'Paths from a load balancer to the network interface of a target that security groups do not' +
        ' allow. Paths that eksnet cannot evaluate are not counted.',
      queries: [query(countWhere(PATHS, '== 0'), 'paths')],
      thresholds: ZERO_IS_GOOD,
      noValue: 'unknown',
      links: runbooks('EksNetSgPathBlocked'),
    }),
    stat({
      title: 'First certificate expires in',
      description: 'Time until the first certificate of a load balancer expires.',
      unit: units.DurationSeconds,
      queries: [
        query(
          min('', agents('eksnet_certificate_expiry_timestamp_seconds', LB, 'lb!=""')) +
            ' - time()',
          'left',
        ),
      ],
      thresholds: CERTIFICATE_THRESHOLDS,
      noValue: 'no certificate',
      links: runbooks('EksNetCertificateExpiring'),
    }),
  ],
};

const clients: Row = {
  title: 'Client view',
  open: true,
  panels: [
    timeSeries({
      title: 'Failure ratio by load balancer',
      description: 'Ratio of failed requests. Agents probe every address of a load balancer.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('lb', PROBES, LB), '{{lb}}')],
      links: runbooks('EksNetLbProbeUnreachable'),
    }),
    stacked({
      title: 'Failures by stage',
      description:
        'Stage and reason of failed requests: name resolution, connection, TLS handshake or response.',
      unit: units.CountsPerSecond,
      queries: [
        query(
          failureRate('lb, stage, outcome', PROBES, LB) + ' > 0',
          '{{lb}} {{stage}} {{outcome}}',
        ),
      ],
      noValue: 'none or not probed',
    }),
    stacked({
      title: '5xx responses by source',
      description:
        'Responses with a 5xx status code. "elb": the load balancer generated the response because no' +
        ' target sent a valid one in time. "target": the application sent the response.',
      unit: units.CountsPerSecond,
      queries: [
        query(
          sum('lb, source, code', rate(agents(PROBES, LB, 'code=~"5.."'))) + ' > 0',
          '{{lb}} {{source}} {{code}}',
        ),
      ],
      noValue: 'none or not probed',
      links: runbooks('EksNetLbProbe5xx'),
    }),
    timeSeries({
      title: 'Failing addresses by load balancer',
      description:
        'Addresses of each load balancer at which requests fail, as counted by the agent that sees' +
        ' most failures.',
      queries: [query(FAILING_ADDRESSES, '{{lb}}')],
    }),
    timeSeries({
      title: 'Failure ratio by address',
      description:
        'Probes of all agents by address of the load balancer, with the zone of the address. Clients' +
        ' choose one of the addresses.',
      unit: units.PercentUnit,
      queries: [
        query(
          `${sum(ADDRESS, rate(cluster(ADDRESS_PROBES, LB, 'outcome!~"success|not_run"')))}` +
            ` / (${sum(ADDRESS, rate(cluster(ADDRESS_PROBES, LB, 'outcome!="not_run"')))} > 0)`,
          '{{lb}} {{az}} {{address_index}}',
        ),
      ],
      links: runbooks('EksNetLbAddressFailing'),
    }),
    timeSeries({
      title: 'Failure ratio by source zone',
      description:
        'If a load balancer fails from one zone only, check its node in that zone and the network path' +
        ' from there.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('lb, az', PROBES, LB), '{{lb}} from {{az}}')],
    }),
    timeSeries({
      title: 'Latency by phase (p99)',
      description:
        'Time of successful probes in each phase. "connect" and "tls" are spent at the load balancer,' +
        ' "processing" until the first byte of the response mostly at a target.',
      unit: units.Seconds,
      queries: [
        query(
          quantile(0.99, 'lb, phase', 'eksnet_lb_probe_duration_seconds', LB),
          '{{lb}} {{phase}}',
        ),
      ],
      noValue: 'not probed',
      links: runbooks('EksNetPathSlow'),
      width: 24,
    }),
    stacked({
      title: 'Responses by status code',
      width: 24,
      description: 'All requests by status code; no code means that there was no response.',
      unit: units.CountsPerSecond,
      queries: [query(sum('code, source', rate(agents(PROBES, LB))), '{{code}} {{source}}')],
    }),
  ],
};

const targets: Row = {
  title: 'Targets',
  panels: [
    table({
      title: 'Target groups',
      description:
        'Target health that the load balancer reports, and the ready endpoints of the Service. If' +
        ' endpoints are ready and no target is healthy, check what lies between: the health check,' +
        ' security groups and target registration.',
      queries: [
        query(targetsIn('healthy')),
        query(targetsIn('unhealthy')),
        query(targetsIn('initial')),
        query(targetsIn('draining')),
        query(max('lb, target_group', cluster('eksnet_target_group_ready_endpoints', LB))),
      ],
      noValue: 'unknown',
      links: runbooks(
        'EksNetTargetGroupAllUnhealthy',
        'EksNetTargetGroupDegraded',
        'EksNetTargetGroupEmpty',
      ),
      width: 24,
      height: 9,
      columns: [
        label('lb', 'Load balancer'),
        label('target_group', 'Target group'),
        value('A', 'Healthy', units.Short, { thresholds: thresholds('orange', [1, 'green']) }),
        value('B', 'Unhealthy', units.Short, { thresholds: ZERO_IS_GOOD }),
        value('C', 'Initial', units.Short),
        value('D', 'Draining', units.Short),
        value('E', 'Ready endpoints', units.Short),
      ],
    }),
    stacked({
      title: 'Targets by state',
      description: 'All targets of the selected load balancers.',
      queries: [
        query(sum('state', max(TARGET_LABELS, cluster('eksnet_target_health', LB))), '{{state}}'),
      ],
    }),
    table({
      title: 'Unhealthy targets by reason',
      description:
        'Targets by the reason that the load balancer reports. For a response code mismatch, check the' +
        ' application and the health check; for a timeout, also check security groups.',
      queries: [
        query(max(TARGET_LABELS, cluster('eksnet_target_health', LB, 'state!="healthy"')) + ' > 0'),
      ],
      noValue: 'none or unknown',
      links: runbooks('EksNetTargetGroupDegraded'),
      columns: [
        label('lb', 'Load balancer'),
        label('target_group', 'Target group'),
        label('namespace', 'Namespace'),
        label('service', 'Service'),
        label('state', 'State'),
        label('reason', 'Reason'),
        value('A', 'Targets', units.Short),
      ],
    }),
    timeSeries({
      title: 'Failure ratio of target probes',
      description:
        'Agents send requests to targets the way the health check does. If these succeed and the health' +
        ' check fails, check the path between load balancer and target.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('target_group', TARGET_PROBES), '{{target_group}}')],
    }),
    stacked({
      title: 'Target probe failures',
      description: 'Stage and reason of failed requests to targets.',
      unit: units.CountsPerSecond,
      queries: [
        query(
          failureRate('target_group, stage, outcome', TARGET_PROBES) + ' > 0',
          '{{target_group}} {{stage}} {{outcome}}',
        ),
      ],
      noValue: 'none or not probed',
    }),
    timeSeries({
      title: 'Latency of targets (p99)',
      description:
        'Time of successful requests that agents send to targets directly. If it rises together with' +
        ' the phase "processing" of the load balancer, the target is slow; otherwise the load balancer is.',
      unit: units.Seconds,
      queries: [
        query(
          quantile(0.99, 'target_group', 'eksnet_target_probe_duration_seconds'),
          '{{target_group}}',
        ),
      ],
      noValue: 'not probed',
      links: runbooks('EksNetPathSlow'),
      width: 24,
    }),
  ],
};

const configuration: Row = {
  title: 'Load balancers and security groups',
  panels: [
    table({
      title: 'Blocked paths',
      description:
        'Ports of target network interfaces that no security group rule lets the load balancer reach,' +
        ' for traffic or for health checks.',
      queries: [query(`${PATHS} == 0`)],
      noValue: 'none or unknown',
      links: runbooks('EksNetSgPathBlocked'),
      height: 7,
      columns: [
        label('lb', 'Load balancer'),
        label('target_group', 'Target group'),
        label('eni', 'Network interface'),
        label('port', 'Port'),
        label('kind', 'Purpose'),
      ],
    }),
    stateTimeline({
      title: 'Active load balancers',
      description:
        'When each load balancer was in state "active". New ones are in state "provisioning" for a few' +
        ' minutes.',
      queries: [query(ACTIVE, '{{lb}}')],
      thresholds: ONE_IS_GOOD,
      mappings: mapGoodBad('active', 'not active'),
      links: runbooks('EksNetLbNotActive'),
      width: 12,
      height: 7,
    }),
    table({
      title: 'Load balancer states',
      description:
        'The current state of each load balancer, and whether agents send requests to its HTTP listeners:' +
        ' not if no host and path that it serves are known.',
      queries: [
        query(max('lb, state', cluster('eksnet_lb_state', LB)) + ' == 1'),
        query(max('lb', cluster('eksnet_lb_probed', LB))),
      ],
      noValue: 'unknown',
      links: runbooks('EksNetLbNotActive'),
      height: 7,
      columns: [
        label('lb', 'Load balancer'),
        label('state', 'State'),
        value('B', 'Probed', units.Short, {
          thresholds: ONE_IS_GOOD,
          mappings: mapGoodBad('yes', 'no'),
        }),
      ],
    }),
    table({
      title: 'Zones for new load balancers',
      description:
        'Zones with a subnet that a new load balancer can use, by scheme, and how many the Ingresses (two)' +
        ' and Services (one) need that name no subnets.',
      queries: [
        query(max('scheme', cluster('eksnet_lb_eligible_subnet_azs'))),
        query(max('scheme', cluster('eksnet_lb_scheme_in_use'))),
        query(max('scheme', cluster('eksnet_lb_required_subnet_azs'))),
      ],
      noValue: 'unknown',
      links: runbooks('EksNetLbSubnetsNotDiscoverable'),
      height: 7,
      columns: [
        label('scheme', 'Scheme'),
        value('A', 'Zones', units.Short, {
          thresholds: thresholds('red', [1, 'orange'], [2, 'green']),
        }),
        value('B', 'In use', units.Short, {
          mappings: mapValues({ 0: ['no', 'blue'], 1: ['yes', 'blue'] }),
        }),
        value('C', 'Needed', units.Short),
      ],
    }),
  ],
};

const INGRESS = 'namespace, ingress';
const OWNER = 'kind, namespace, name';

const ingresses: Row = {
  title: 'Ingresses, Gateways and Services',
  panels: [
    table({
      title: 'Ingresses',
      description:
        'Whether each Ingress has an address, its age, and the owning team from its annotation' +
        ' eksnet.io/team.',
      queries: [
        query(max(INGRESS, cluster('eksnet_ingress_address_assigned'))),
        query('time() - ' + max(INGRESS, cluster('eksnet_ingress_created_timestamp_seconds'))),
        query(max(`${INGRESS}, team`, cluster('eksnet_owner_info', 'ingress!=""'))),
      ],
      noValue: 'unknown',
      links: runbooks('EksNetIngressNoAddress'),
      columns: [
        label('namespace', 'Namespace'),
        label('ingress', 'Ingress'),
        label('team', 'Team'),
        value('A', 'Address', units.Short, {
          thresholds: ONE_IS_GOOD,
          mappings: mapGoodBad('yes', 'no'),
        }),
        value('B', 'Age', units.DurationSeconds),
      ],
    }),
    table({
      title: 'Ingresses with reconcile errors',
      description: 'Ingresses whose controller last reported an error, by cause.',
      queries: [
        query(max(`${INGRESS}, cause`, cluster('eksnet_ingress_reconcile_failing')) + ' == 1'),
      ],
      noValue: 'none or unknown',
      links: runbooks('EksNetIngressReconcileFailing'),
      columns: [
        label('namespace', 'Namespace'),
        label('ingress', 'Ingress'),
        label('cause', 'Cause'),
      ],
    }),
    table({
      title: 'Services and Gateways',
      description:
        'Whether each Service of type LoadBalancer, and each Gateway of the AWS Load Balancer Controller,' +
        ' has an address.',
      queries: [query(max(OWNER, cluster('eksnet_lb_owner_address_assigned')))],
      noValue: 'none or unknown',
      columns: [
        label('kind', 'Kind'),
        label('namespace', 'Namespace'),
        label('name', 'Name'),
        value('A', 'Address', units.Short, {
          thresholds: ONE_IS_GOOD,
          mappings: mapGoodBad('yes', 'no'),
        }),
      ],
    }),
    table({
      title: 'Services, Gateways and TargetGroupBindings with reconcile errors',
      description: 'Objects about which their controller last reported an error, by cause.',
      queries: [query(max(`${OWNER}, cause`, cluster('eksnet_lb_reconcile_failing')) + ' == 1')],
      noValue: 'none or unknown',
      columns: [
        label('kind', 'Kind'),
        label('namespace', 'Namespace'),
        label('name', 'Name'),
        label('cause', 'Cause'),
      ],
    }),
    table({
      title: 'Hosts that do not resolve to their load balancer',
      description:
        'Ingress hosts that do not resolve, or resolve to other addresses than those of their load' +
        ' balancer. For hosts behind a CDN this is expected.',
      queries: [query(max(`${INGRESS}, host`, cluster('eksnet_ingress_dns_match')) + ' == 0')],
      noValue: 'none or unknown',
      links: runbooks('EksNetIngressDnsMismatch'),
      width: 24,
      height: 7,
      columns: [
        label('namespace', 'Namespace'),
        label('ingress', 'Ingress'),
        label('host', 'Host'),
      ],
    }),
  ],
};

export const loadBalancers = buildDashboard({
  ...DASHBOARDS.loadBalancers,
  description:
    'Shows whether load balancers respond at every address, where errors originate, and whether' +
    ' targets are healthy and reachable.',
  variables: [
    labelVariable({
      label: 'lb',
      title: 'Load balancer',
      description: 'Load balancers that are shown.',
      series: cluster('eksnet_lb_state'),
    }),
  ],
  rows: [summary, clients, targets, configuration, ingresses],
});
