// Connectivity between zones, to Services and to AWS, and the probes that users configure.

import { buildDashboard, labelVariable, type Row } from './dashboard.js';
import {
  CERTIFICATE_LIFETIME,
  DASHBOARDS,
  FAILURE_RATIO,
  ONE_IS_GOOD,
  ZERO_IS_GOOD,
  mapGoodBad,
  matrix,
  runbooks,
  stacked,
  stat,
  table,
  thresholds,
  timeSeries,
  units,
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
const STS = 'eksnet_sts_probe_total';
const CUSTOM = 'eksnet_probe_total';
const POD_IDENTITY = agents('eksnet_pod_identity_agent_up');
const NAMESPACE = 'namespace=~"$namespace"';

const summary: Row = {
  panels: [
    stat({
      title: 'Pod-to-pod failure ratio',
      description: 'Ratio of failed probes between agents.',
      unit: units.PercentUnit,
      queries: [{ expr: failureRatio('', PODS), legend: 'failed' }],
      thresholds: FAILURE_RATIO,
      noValue: 'not probed',
      links: runbooks('EksNetAzPartitioned', 'EksNetNodePartitioned'),
    }),
    stat({
      title: 'Broken zone pairs',
      description: 'Pairs of zones between which more than half of the probes fail.',
      queries: [
        { expr: countWhere(failureRatio('src_az, dst_az', PODS), '> 0.5'), legend: 'pairs' },
      ],
      thresholds: ZERO_IS_GOOD,
      noValue: 'not probed',
      links: runbooks('EksNetAzPartitioned'),
    }),
    stat({
      title: 'Failing Services',
      description: 'Services for which more than half of the probes fail.',
      queries: [
        {
          expr: countWhere(failureRatio('namespace, service', SERVICES, NAMESPACE), '> 0.5'),
          legend: 'Services',
        },
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
      queries: [{ expr: failureRatio('', STS), legend: 'failed' }],
      thresholds: FAILURE_RATIO,
      noValue: 'not probed',
      links: runbooks('EksNetStsUnreachable'),
    }),
    stat({
      title: 'Pod Identity agents down',
      description: 'Nodes on which the EKS Pod Identity Agent does not respond.',
      queries: [{ expr: countZero(POD_IDENTITY), legend: 'nodes' }],
      thresholds: ZERO_IS_GOOD,
      noValue: 'not probed',
      links: runbooks('EksNetPodIdentityAgentDown'),
    }),
    stat({
      title: 'Controller credentials',
      description: 'Whether the AWS credentials of the controller work, by credential source.',
      queries: [
        {
          expr: min('method', cluster('eksnet_credentials_probe_success')),
          legend: '{{method}}',
        },
      ],
      thresholds: ONE_IS_GOOD,
      mappings: mapGoodBad('working', 'failing'),
      noValue: 'unknown',
      links: runbooks('EksNetCredentialsFailing'),
    }),
  ],
};

const zones: Row = {
  title: 'Zone to zone',
  panels: [
    matrix({
      title: 'Failure ratio from zone to zone',
      description:
        'Rows are source zones, columns are destination zones. A red row is a zone that reaches no' +
        ' other zone, a red column is a zone that no other zone reaches. Empty cells are not probed.',
      unit: units.PercentUnit,
      queries: [{ expr: failureRatio('src_az, dst_az', PODS) }],
      thresholds: FAILURE_RATIO,
      noValue: 'not probed',
      links: runbooks('EksNetAzPartitioned'),
      rowLabel: 'src_az',
      columnLabel: 'dst_az',
    }),
    timeSeries({
      title: 'Failure ratio by zone pair',
      description: 'Probes between agents over time.',
      unit: units.PercentUnit,
      queries: [
        { expr: failureRatio('src_az, dst_az', PODS), legend: '{{src_az}} to {{dst_az}}' },
      ],
    }),
    stacked({
      title: 'Failures by outcome',
      description: 'Failed probes between agents by reason.',
      unit: units.CountsPerSecond,
      queries: [{ expr: failureRate('outcome', PODS) + ' > 0', legend: '{{outcome}}' }],
    }),
    table({
      title: 'Worst nodes',
      description:
        'The ten nodes with the highest failure ratio of probes to other agents. A single node' +
        ' indicates a problem of that node, all nodes of one zone a problem of the zone.',
      queries: [{ expr: `topk(10, ${failureRatio('node, az', PODS)})` }],
      links: runbooks('EksNetNodePartitioned'),
      columns: [
        { field: 'node', title: 'Node' },
        { field: 'az', title: 'Zone' },
        {
          field: 'A',
          title: 'Failure ratio',
          unit: units.PercentUnit,
          thresholds: FAILURE_RATIO,
        },
      ],
    }),
    timeSeries({
      title: 'Packets over instance network limits',
      description:
        'Packets that were queued or dropped because the instance exceeded a network allowance. If' +
        ' conntrack is exceeded, new connections fail until others close.',
      unit: units.PacketsPerSecond,
      queries: [
        {
          expr:
            sum(
              'node, kind',
              rate(agents('eksnet_ena_allowance_exceeded_total', 'kind!="linklocal"')),
            ) + ' > 0',
          legend: '{{node}} {{kind}}',
        },
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
      queries: [
        {
          expr: `topk(20, ${failureRatio('namespace, service, via', SERVICES, NAMESPACE)})`,
        },
      ],
      links: runbooks('EksNetServiceProbeFailing'),
      columns: [
        { field: 'namespace', title: 'Namespace' },
        { field: 'service', title: 'Service' },
        { field: 'via', title: 'Via' },
        {
          field: 'A',
          title: 'Failure ratio',
          unit: units.PercentUnit,
          thresholds: FAILURE_RATIO,
        },
      ],
    }),
    timeSeries({
      title: 'Failure ratio by Service',
      description:
        'The ten Services with the highest failure ratio. Probes by name and by ClusterIP together.',
      unit: units.PercentUnit,
      queries: [
        {
          expr: `topk(10, ${failureRatio('namespace, service', SERVICES, NAMESPACE)})`,
          legend: '{{namespace}}/{{service}}',
        },
      ],
    }),
    stacked({
      title: 'Failures by stage',
      description:
        'Stage at which probes fail: name resolution, connection, TLS handshake or response.',
      unit: units.CountsPerSecond,
      queries: [
        {
          expr: failureRate('stage, outcome', SERVICES, NAMESPACE) + ' > 0',
          legend: '{{stage}} {{outcome}}',
        },
      ],
    }),
    timeSeries({
      title: 'Failure ratio by zone',
      description: 'Service probes by the zone of the agent that sent them.',
      unit: units.PercentUnit,
      queries: [{ expr: failureRatio('az', SERVICES, NAMESPACE), legend: '{{az}}' }],
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
      queries: [
        { expr: failureRate('stage, outcome', STS) + ' > 0', legend: '{{stage}} {{outcome}}' },
      ],
      noValue: 'none or not probed',
      links: runbooks('EksNetStsUnreachable'),
    }),
    timeSeries({
      title: 'Agents that resolve private addresses',
      description:
        'Ratio of agents for which the name of the AWS service resolves to private addresses only: 1' +
        ' with a VPC endpoint and private DNS, otherwise 0.',
      unit: units.PercentUnit,
      queries: [
        { expr: avg('service', agents('eksnet_endpoint_dns_private')), legend: '{{service}}' },
      ],
      links: runbooks('EksNetEndpointDnsNotPrivate'),
    }),
    table({
      title: 'VPC endpoints',
      description: 'VPC endpoints that EC2 reports, and whether private DNS is enabled.',
      queries: [{ expr: max('service, private_dns', cluster('eksnet_vpc_endpoint_available')) }],
      noValue: 'none or unknown',
      columns: [
        { field: 'service', title: 'Service' },
        { field: 'private_dns', title: 'Private DNS' },
        {
          field: 'A',
          title: 'Available',
          unit: units.Short,
          thresholds: ONE_IS_GOOD,
          mappings: mapGoodBad('yes', 'no'),
        },
      ],
    }),
    table({
      title: 'Nodes without Pod Identity',
      description: 'Nodes on which the EKS Pod Identity Agent does not respond.',
      queries: [{ expr: `${min('node, az', POD_IDENTITY)} == 0` }],
      noValue: 'none',
      links: runbooks('EksNetPodIdentityAgentDown'),
      columns: [
        { field: 'node', title: 'Node' },
        { field: 'az', title: 'Zone' },
      ],
    }),
  ],
};

const TARGET = 'probe, kind, target';
const CERTIFICATE_END = agents('eksnet_certificate_expiry_timestamp_seconds', 'probe!=""');

const customProbes: Row = {
  title: 'Custom probes',
  panels: [
    table({
      title: 'Targets',
      description:
        'Targets of the probes that you configure: the ratio of agents whose last probe succeeded,' +
        ' the age of the oldest last probe, and the time until the first certificate expires.',
      queries: [
        { expr: avg(TARGET, agents('eksnet_probe_success')) },
        { expr: 'time() - ' + min(TARGET, agents('eksnet_probe_last_run_timestamp_seconds')) },
        { expr: min('probe, target', CERTIFICATE_END) + ' - time()' },
      ],
      noValue: 'no custom probes',
      links: runbooks('EksNetProbeFailing', 'EksNetCertificateExpiring'),
      width: 24,
      columns: [
        { field: 'probe', title: 'Probe' },
        { field: 'kind', title: 'Kind' },
        { field: 'target', title: 'Target' },
        {
          field: 'A',
          title: 'Successful agents',
          unit: units.PercentUnit,
          thresholds: thresholds('red', [0.5, 'orange'], [1, 'green']),
        },
        { field: 'B', title: 'Last probe', unit: units.Seconds },
        {
          field: 'C',
          title: 'Certificate expires in',
          unit: units.DurationSeconds,
          thresholds: CERTIFICATE_LIFETIME,
        },
      ],
    }),
    timeSeries({
      title: 'Failure ratio by probe',
      description: 'Ratio of failed custom probes.',
      unit: units.PercentUnit,
      queries: [{ expr: failureRatio('probe', CUSTOM), legend: '{{probe}}' }],
      links: runbooks('EksNetProbeFailing'),
    }),
    stacked({
      title: 'Failures by outcome',
      description: 'Failed custom probes by reason.',
      unit: units.CountsPerSecond,
      queries: [
        { expr: failureRate('probe, outcome', CUSTOM) + ' > 0', legend: '{{probe}} {{outcome}}' },
      ],
    }),
    timeSeries({
      title: 'Duration',
      description: 'Median and 99th percentile of successful probes.',
      unit: units.Seconds,
      queries: [
        {
          expr: quantile(0.5, 'probe', 'eksnet_probe_duration_seconds'),
          legend: '{{probe}} median',
        },
        {
          expr: quantile(0.99, 'probe', 'eksnet_probe_duration_seconds'),
          legend: '{{probe}} p99',
        },
      ],
    }),
    stacked({
      title: 'Duration by phase',
      description:
        'Average time that successful probes spend in each phase. The thickest band shows where the' +
        ' time goes.',
      unit: units.Seconds,
      queries: [
        {
          expr:
            sum('probe, phase', rate(agents('eksnet_probe_phase_seconds_sum'))) +
            ` / (${sum('probe, phase', rate(agents('eksnet_probe_phase_seconds_count')))} > 0)`,
          legend: '{{probe}} {{phase}}',
        },
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
