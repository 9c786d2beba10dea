// Connectivity between zones, to Services and to AWS, and the probes that users configure.

import { buildDashboard, labelVariable, type Row } from './dashboard.js';
import {
  CERTIFICATE_THRESHOLDS,
  DASHBOARDS,
  FAILURE_THRESHOLDS,
  LATENCY_THRESHOLDS,
  ONE_IS_GOOD,
  ZERO_IS_GOOD,
  label,
  mapGoodBad,
  matrix,
  query,
  runbooks,
  stacked,
  stat,
  table,
  thresholds,
  timeSeries,
  units,
  value,
} from './panels.js';
import {
  agents,
  avg,
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

const PODS = 'eksnet_pod_probe_total';
const SERVICES = 'eksnet_service_probe_total';
const POD_DURATIONS = 'eksnet_pod_probe_duration_seconds';
const SERVICE_DURATIONS = 'eksnet_service_probe_duration_seconds';
const STS = 'eksnet_sts_probe_total';
const ENDPOINTS = 'eksnet_endpoint_probe_total';
const CUSTOM = 'eksnet_probe_total';
const POD_IDENTITY = agents('eksnet_pod_identity_agent_up');
const NAMESPACE = 'namespace=~"$namespace"';

const summary: Row = {
  panels: [
    stat({
      title: 'Pod-to-pod failure ratio',
      description: 'Ratio of failed probes between agents.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('', PODS), 'failed')],
      thresholds: FAILURE_THRESHOLDS,
      noValue: 'not probed',
      links: runbooks('EksNetAzPartitioned', 'EksNetNodePartitioned'),
    }),
    stat({
      title: 'Broken zone pairs',
      description: 'Pairs of zones between which more than half of the probes fail.',
      queries: [query(countWhere(failureRatio('src_az, dst_az', PODS), '> 0.5'), 'pairs')],
      thresholds: ZERO_IS_GOOD,
      noValue: 'not probed',
      links: runbooks('EksNetAzPartitioned'),
    }),
    stat({
      title: 'Failing Services',
      description: 'Services for which more than half of the probes fail.',
      queries: [
        query(
          countWhere(failureRatio('namespace, service', SERVICES, NAMESPACE), '> 0.5'),
          'Services',
        ),
      ],
      thresholds: ZERO_IS_GOOD,
      noValue: 'not probed',
      links: runbooks('EksNetServiceProbeFailing'),
    }),
    stat({
      title: 'STS failure ratio',
      description:
        'Ratio of failed requests to the regional STS endpoint. Pods with an IAM role for their' +
        ' service account (IRSA) get no credentials without STS.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('', STS), 'failed')],
      thresholds: FAILURE_THRESHOLDS,
      noValue: 'not probed',
      links: runbooks('EksNetStsUnreachable'),
    }),
    stat({
      title: 'Pod Identity agents down',
      description: 'Nodes on which the EKS Pod Identity Agent does not respond.',
      queries: [query(countZero(POD_IDENTITY), 'nodes')],
      thresholds: ZERO_IS_GOOD,
      noValue: 'not probed',
      links: runbooks('EksNetPodIdentityAgentDown'),
    }),
    stat({
      title: 'Controller credentials',
      description: 'Whether the AWS credentials of the controller work, by credential source.',
      queries: [query(min('method', cluster('eksnet_credentials_probe_success')), '{{method}}')],
      thresholds: ONE_IS_GOOD,
      mappings: mapGoodBad('working', 'failing'),
      noValue: 'unknown',
      links: runbooks('EksNetCredentialsFailing'),
    }),
  ],
};

const zones: Row = {
  title: 'Zone to zone',
  open: true,
  panels: [
    matrix({
      title: 'Failure ratio from zone to zone',
      description:
        'Rows are source zones, columns are destination zones. A red row is a zone that reaches no' +
        ' other zone, a red column is a zone that no other zone reaches. Empty cells are not probed.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('src_az, dst_az', PODS))],
      thresholds: FAILURE_THRESHOLDS,
      noValue: 'not probed',
      links: runbooks('EksNetAzPartitioned'),
      rowLabel: 'src_az',
      columnLabel: 'dst_az',
    }),
    timeSeries({
      title: 'Failure ratio by zone pair',
      description: 'Probes between agents over time.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('src_az, dst_az', PODS), '{{src_az}} to {{dst_az}}')],
    }),
    matrix({
      title: 'Latency from zone to zone (p99)',
      description:
        'How long successful probes between agents take: connection and response. Another zone takes' +
        ' 1 or 2 ms longer than the own one. Empty cells are not probed.',
      unit: units.Seconds,
      queries: [query(quantile(0.99, 'src_az, dst_az', POD_DURATIONS))],
      thresholds: LATENCY_THRESHOLDS,
      noValue: 'not probed',
      links: runbooks('EksNetPathSlow'),
      rowLabel: 'src_az',
      columnLabel: 'dst_az',
    }),
    timeSeries({
      title: 'Latency by zone pair (median)',
      description: 'Successful probes between agents over time.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, 'src_az, dst_az', POD_DURATIONS), '{{src_az}} to {{dst_az}}'),
      ],
      noValue: 'not probed',
      links: runbooks('EksNetPathSlow'),
    }),
    stacked({
      title: 'Failures by outcome',
      description: 'Failed probes between agents by reason.',
      unit: units.CountsPerSecond,
      queries: [query(failureRate('outcome', PODS) + ' > 0', '{{outcome}}')],
    }),
    table({
      title: 'Worst nodes',
      description:
        'The ten nodes with the highest failure ratio of probes to other agents. A single node' +
        ' indicates a problem of that node, all nodes of one zone a problem of the zone.',
      queries: [query(`topk(10, ${failureRatio('node, az', PODS)})`)],
      links: runbooks('EksNetNodePartitioned'),
      columns: [
        label('node', 'Node'),
        label('az', 'Zone'),
        value('A', 'Failure ratio', units.PercentUnit, { thresholds: FAILURE_THRESHOLDS }),
      ],
    }),
    timeSeries({
      title: 'Packets over instance network limits',
      description:
        'Packets that were queued or dropped because the instance exceeded a network allowance. If' +
        ' conntrack is exceeded, new connections fail until others close.',
      unit: units.PacketsPerSecond,
      queries: [
        query(
          sum(
            'node, kind',
            rate(agents('eksnet_ena_allowance_exceeded_total', 'kind!="linklocal"')),
          ) + ' > 0',
          '{{node}} {{kind}}',
        ),
      ],
      noValue: 'none or unknown',
      links: runbooks('EksNetConntrackExceeded'),
      width: 24,
      height: 7,
    }),
  ],
};

const serviceProbes: Row = {
  title: 'Services',
  panels: [
    table({
      title: 'Most failing Services',
      description:
        'The twenty Services with the highest failure ratio, by name and by ClusterIP. If only' +
        ' probes by name fail, check DNS; if both fail, check the Service and its endpoints.',
      queries: [query(`topk(20, ${failureRatio('namespace, service, via', SERVICES, NAMESPACE)})`)],
      links: runbooks('EksNetServiceProbeFailing'),
      columns: [
        label('namespace', 'Namespace'),
        label('service', 'Service'),
        label('via', 'Via'),
        value('A', 'Failure ratio', units.PercentUnit, { thresholds: FAILURE_THRESHOLDS }),
      ],
    }),
    timeSeries({
      title: 'Failure ratio by Service',
      description:
        'The ten Services with the highest failure ratio. Probes by name and by ClusterIP together.',
      unit: units.PercentUnit,
      queries: [
        query(
          `topk(10, ${failureRatio('namespace, service', SERVICES, NAMESPACE)})`,
          '{{namespace}}/{{service}}',
        ),
      ],
    }),
    stacked({
      title: 'Failures by stage',
      description:
        'Stage at which probes fail: name resolution, connection, TLS handshake or response.',
      unit: units.CountsPerSecond,
      queries: [
        query(failureRate('stage, outcome', SERVICES, NAMESPACE) + ' > 0', '{{stage}} {{outcome}}'),
      ],
    }),
    timeSeries({
      title: 'Failure ratio by zone',
      description: 'Service probes by the zone of the agent that sent them.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('az', SERVICES, NAMESPACE), '{{az}}')],
    }),
    timeSeries({
      title: 'Latency by Service (p99)',
      description:
        'The ten slowest Services. Probes by name include the DNS lookup: if only they are slow, check' +
        ' DNS.',
      unit: units.Seconds,
      queries: [
        query(
          `topk(10, ${quantile(0.99, 'namespace, service, via', SERVICE_DURATIONS, NAMESPACE)})`,
          '{{namespace}}/{{service}} {{via}}',
        ),
      ],
      noValue: 'not probed',
      links: runbooks('EksNetPathSlow'),
      width: 24,
    }),
  ],
};

const aws: Row = {
  title: 'AWS endpoints and credentials',
  panels: [
    stacked({
      title: 'STS failures by stage',
      description:
        'Stage "dns" is a DNS problem. For stage "tcp", check the security group of the VPC endpoint' +
        ' if STS resolves to private addresses, otherwise the route to the internet.',
      unit: units.CountsPerSecond,
      queries: [query(failureRate('stage, outcome', STS) + ' > 0', '{{stage}} {{outcome}}')],
      noValue: 'none or not probed',
      links: runbooks('EksNetStsUnreachable'),
    }),
    timeSeries({
      title: 'Failures by AWS endpoint',
      description:
        'Ratio of failed connections to the AWS endpoints that the cluster uses, each address on its' +
        ' own.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('service', ENDPOINTS), '{{service}}')],
      noValue: 'not probed',
      links: runbooks('EksNetAwsApiUnreachable'),
    }),
    timeSeries({
      title: 'Latency of AWS endpoints (p99)',
      description: 'Time from the DNS query to the end of the TLS handshake, or to the response.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.99, 'service', 'eksnet_endpoint_probe_duration_seconds'), '{{service}}'),
      ],
      noValue: 'not probed',
    }),
    timeSeries({
      title: 'Agents that resolve private addresses',
      description:
        'Ratio of agents for which the name of the AWS service resolves to private addresses only: 1' +
        ' with a VPC endpoint and private DNS, otherwise 0.',
      unit: units.PercentUnit,
      queries: [query(avg('service', agents('eksnet_endpoint_dns_private')), '{{service}}')],
      links: runbooks('EksNetEndpointDnsNotPrivate'),
    }),
    table({
      title: 'VPC endpoints',
      description: 'VPC endpoints that EC2 reports, and whether private DNS is enabled.',
      queries: [query(max('service, private_dns', cluster('eksnet_vpc_endpoint_available')))],
      noValue: 'none or unknown',
      columns: [
        label('service', 'Service'),
        label('private_dns', 'Private DNS'),
        value('A', 'Available', units.Short, {
          thresholds: ONE_IS_GOOD,
          mappings: mapGoodBad('yes', 'no'),
        }),
      ],
    }),
    table({
      title: 'Nodes without Pod Identity',
      description: 'Nodes on which the EKS Pod Identity Agent does not respond.',
      queries: [query(`${min('node, az', POD_IDENTITY)} == 0`)],
      noValue: 'none',
      links: runbooks('EksNetPodIdentityAgentDown'),
      columns: [label('node', 'Node'), label('az', 'Zone')],
    }),
  ],
};

const TARGET = 'probe, kind, target';
const CERTIFICATE_END = agents('eksnet_certificate_expiry_timestamp_seconds', 'probe!=""');
const SERIAL = agents('eksnet_probe_last_dns_serial');

const customProbes: Row = {
  title: 'Custom probes',
  panels: [
    table({
      title: 'Targets',
      description:
        'Targets of the probes that you configure: the ratio of agents whose last probe succeeded,' +
        ' the age of the oldest last probe, the time until the first certificate expires, and the' +
        ' slowest duration and highest status code of the last probes.',
      queries: [
        query(avg(TARGET, agents('eksnet_probe_success'))),
        query('time() - ' + min(TARGET, agents('eksnet_probe_last_run_timestamp_seconds'))),
        query(min('probe, target', CERTIFICATE_END) + ' - time()'),
        query(max(TARGET, agents('eksnet_probe_last_duration_seconds'))),
        query(max(TARGET, agents('eksnet_probe_last_status_code'))),
      ],
      noValue: 'no custom probes',
      links: runbooks('EksNetProbeFailing', 'EksNetCertificateExpiring'),
      width: 24,
      columns: [
        label('probe', 'Probe'),
        label('kind', 'Kind'),
        label('target', 'Target'),
        value('A', 'Successful agents', units.PercentUnit, {
          thresholds: thresholds('red', [0.5, 'orange'], [1, 'green']),
        }),
        value('B', 'Last probe', units.Seconds),
        value('D', 'Duration', units.Seconds),
        value('E', 'Status code', units.Short),
        value('C', 'Certificate expires in', units.DurationSeconds, {
          thresholds: CERTIFICATE_THRESHOLDS,
        }),
      ],
    }),
    table({
      title: 'Zone serials',
      description:
        'Serial numbers of DNS zones, for probes of kind dns with type SOA: the lowest and the highest' +
        ' that an agent received. They differ while a name server lags behind. Serials wrap around' +
        ' (RFC 1982).',
      queries: [
        query(min('probe, target', SERIAL)),
        query(max('probe, target', SERIAL)),
      ],
      noValue: 'no probes of SOA records',
      width: 24,
      columns: [
        label('probe', 'Probe'),
        label('target', 'Target'),
        value('A', 'Lowest serial', units.Number),
        value('B', 'Highest serial', units.Number),
      ],
    }),
    timeSeries({
      title: 'Failure ratio by probe',
      description: 'Ratio of failed custom probes.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('probe', CUSTOM), '{{probe}}')],
      links: runbooks('EksNetProbeFailing'),
    }),
    stacked({
      title: 'Failures by outcome',
      description: 'Failed custom probes by reason.',
      unit: units.CountsPerSecond,
      queries: [query(failureRate('probe, outcome', CUSTOM) + ' > 0', '{{probe}} {{outcome}}')],
    }),
    timeSeries({
      title: 'Duration',
      description: 'Median and 99th percentile of successful probes.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, 'probe', 'eksnet_probe_duration_seconds'), '{{probe}} median'),
        query(quantile(0.99, 'probe', 'eksnet_probe_duration_seconds'), '{{probe}} p99'),
      ],
    }),
    stacked({
      title: 'Duration by phase',
      description:
        'Average time that successful probes spend in each phase. The thickest band shows where the' +
        ' time goes.',
      unit: units.Seconds,
      queries: [
        query(
          sum('probe, phase', rate(agents('eksnet_probe_phase_seconds_sum'))) +
            ` / (${sum('probe, phase', rate(agents('eksnet_probe_phase_seconds_count')))} > 0)`,
          '{{probe}} {{phase}}',
        ),
      ],
    }),
  ],
};

export const services = buildDashboard({
  ...DASHBOARDS.services,
  description:
    'Shows whether agents reach pods in every zone, Services, AWS endpoints and the targets of' +
    ' custom probes.',
  variables: [
    labelVariable({
      label: 'namespace',
      title: 'Namespace',
      description: 'Namespaces of the Services that are shown.',
      series: cluster(SERVICES),
    }),
  ],
  rows: [summary, zones, serviceProbes, aws, customProbes],
});
