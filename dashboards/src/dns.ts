// Name resolution: CoreDNS, the paths to it, and the VPC resolver behind it.

import { buildDashboard, type Row } from './dashboard.js';
import {
  DASHBOARDS,
  FAILURE_THRESHOLDS,
  ZERO_IS_GOOD,
  heatmap,
  label,
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
  buckets,
  cluster,
  countZero,
  failureRate,
  failureRatio,
  max,
  quantile,
  rate,
  ratioOfProbes,
  sum,
} from './promql.js';

const PROBES = 'eksnet_dns_probe_total';
const DURATION = 'eksnet_dns_probe_duration_seconds';
const RETRIED = 'eksnet_dns_probe_retried_total';
const CLUSTER_DNS = 'path=~"service|nodelocal"';

const summary: Row = {
  panels: [
    stat({
      title: 'Cluster DNS failure ratio',
      description: 'Ratio of failed queries to the kube-dns Service and to NodeLocal DNSCache.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('', PROBES, CLUSTER_DNS), 'failed')],
      thresholds: FAILURE_THRESHOLDS,
      links: runbooks('EksNetClusterDnsDown', 'EksNetNodeDnsFailing'),
    }),
    stat({
      title: 'VPC resolver failure ratio',
      description:
        'Ratio of failed queries that agents send directly to the VPC resolver. If it fails, names' +
        ' outside the cluster do not resolve.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('', PROBES, 'path="vpc_resolver"'), 'failed')],
      thresholds: FAILURE_THRESHOLDS,
      noValue: 'not probed',
      links: runbooks('EksNetVpcResolverFailing'),
    }),
    stat({
      title: 'Ready CoreDNS endpoints',
      description:
        'Ready endpoints of the kube-dns Service. Unknown on EKS Auto Mode, where CoreDNS runs on' +
        ' each node outside Kubernetes.',
      queries: [query(max('', cluster('eksnet_dns_backends', 'state="ready"')), 'ready')],
      thresholds: thresholds('red', [1, 'orange'], [2, 'green']),
      noValue: 'unknown',
      links: runbooks('EksNetCoreDnsNoReadyBackends'),
    }),
    stat({
      title: 'p99 latency',
      description: '99th percentile of the duration of successful cluster DNS queries.',
      unit: units.Seconds,
      queries: [query(quantile(0.99, '', DURATION, CLUSTER_DNS), 'p99')],
      thresholds: thresholds('green', [0.1, 'orange'], [1, 'red']),
      links: runbooks('EksNetDnsSlow'),
    }),
    stat({
      title: 'Retry ratio',
      description:
        'Ratio of queries whose first attempt got no response. Each one delays an application by the' +
        ' resolver timeout, 5 s by default.',
      unit: units.PercentUnit,
      queries: [query(ratioOfProbes('', RETRIED, PROBES), 'retried')],
      thresholds: thresholds('green', [0.001, 'orange'], [0.01, 'red']),
      links: runbooks('EksNetDnsLostPackets'),
    }),
    stat({
      title: 'Wrong nameservers',
      description: 'Agents whose resolv.conf lists other nameservers than expected.',
      queries: [query(countZero(agents('eksnet_resolvconf_nameserver_ok')), 'agents')],
      thresholds: ZERO_IS_GOOD,
      links: runbooks('EksNetWrongNameserver'),
    }),
  ],
};

const failures: Row = {
  title: 'Failures',
  open: true,
  panels: [
    timeSeries({
      title: 'Failure ratio by path',
      description:
        '"service" is the ClusterIP of kube-dns, "backend" is each CoreDNS pod queried directly. If' +
        ' "service" fails and "backend" does not, check kube-proxy and conntrack.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('path', PROBES), '{{path}}')],
      links: runbooks('EksNetClusterDnsDown'),
    }),
    timeSeries({
      title: 'Failure ratio by type of name',
      description:
        'CoreDNS answers internal names itself and forwards AWS and external names to the VPC' +
        ' resolver. "negative" names do not exist, and NXDOMAIN is the expected response.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('path, query_class', PROBES), '{{path}} {{query_class}}')],
    }),
    stacked({
      title: 'Failures by outcome',
      description:
        'Failed queries by reason. "conn_refused": no process listens on the port. "timeout": no' +
        ' response. "servfail": the resolver could not get an answer from its upstream.',
      unit: units.CountsPerSecond,
      queries: [query(failureRate('outcome', PROBES) + ' > 0', '{{outcome}}')],
    }),
    timeSeries({
      title: 'Failure ratio by CoreDNS pod',
      description:
        'Agents query each CoreDNS pod directly. If one of two pods fails, about half of all cluster' +
        ' DNS queries fail.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('server', PROBES, 'path="backend"'), '{{server}}')],
      links: runbooks('EksNetCoreDnsBackendBroken'),
    }),
    timeSeries({
      title: 'Failure ratio by zone',
      description: 'Cluster DNS queries by the zone of the agent that sent them.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('az', PROBES, CLUSTER_DNS), '{{az}}')],
    }),
    table({
      title: 'Worst nodes',
      description: 'The ten nodes with the highest failure ratio of cluster DNS queries.',
      queries: [query(`topk(10, ${failureRatio('node, az', PROBES, CLUSTER_DNS)})`)],
      links: runbooks('EksNetNodeDnsFailing'),
      columns: [
        label('node', 'Node'),
        label('az', 'Zone'),
        value('A', 'Failure ratio', units.PercentUnit, { thresholds: FAILURE_THRESHOLDS }),
      ],
    }),
  ],
};

const latency: Row = {
  title: 'Latency',
  panels: [
    timeSeries({
      title: 'Duration by path',
      description: 'Median and 99th percentile of successful queries, retries included.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, 'path', DURATION), '{{path}} median'),
        query(quantile(0.99, 'path', DURATION), '{{path}} p99'),
      ],
      links: runbooks('EksNetDnsSlow'),
    }),
    heatmap({
      title: 'Cluster DNS durations',
      description:
        'Distribution of query durations. A band at 5 s is the resolver timeout and indicates lost' +
        ' packets.',
      unit: units.Seconds,
      queries: [query(buckets(DURATION, CLUSTER_DNS), '{{le}}')],
    }),
    timeSeries({
      title: 'p99 duration by type of name',
      description:
        'If AWS and external names are slow and internal names are fast, check the VPC resolver.',
      unit: units.Seconds,
      queries: [query(quantile(0.99, 'query_class', DURATION, CLUSTER_DNS), '{{query_class}}')],
    }),
    timeSeries({
      title: 'Search list queries',
      description:
        'Queries that the search list and ndots of resolv.conf add before the query that succeeds.' +
        ' Each one adds its own round trip.',
      queries: [
        query(max('query_class', agents('eksnet_resolvconf_search_queries')), '{{query_class}}'),
      ],
    }),
  ],
};

const packetLoss: Row = {
  title: 'Packet loss and truncation',
  panels: [
    timeSeries({
      title: 'Retry ratio by path',
      description: 'Ratio of queries whose first attempt got no response.',
      unit: units.PercentUnit,
      queries: [query(ratioOfProbes('path', RETRIED, PROBES), '{{path}}')],
      links: runbooks('EksNetDnsLostPackets'),
    }),
    timeSeries({
      title: 'Failure ratio by protocol',
      description:
        'If UDP works and TCP fails, TCP port 53 is blocked: clients cannot receive responses that' +
        ' do not fit into one UDP packet.',
      unit: units.PercentUnit,
      queries: [query(failureRatio('path, proto', PROBES), '{{path}} {{proto}}')],
      links: runbooks('EksNetDnsTcpBroken'),
    }),
    timeSeries({
      title: 'Truncated response ratio',
      description: 'Ratio of queries with a truncated response, which clients repeat over TCP.',
      unit: units.PercentUnit,
      queries: [
        query(ratioOfProbes('path', 'eksnet_dns_probe_truncated_total', PROBES), '{{path}}'),
      ],
    }),
    timeSeries({
      title: 'Packets over the link-local limit',
      description:
        'Packets that the instance dropped because it sent more than 1024 packets per second to' +
        ' link-local services such as the VPC resolver. No data if the agent cannot read the counter.',
      unit: units.PacketsPerSecond,
      queries: [
        query(
          sum('node', rate(agents('eksnet_ena_allowance_exceeded_total', 'kind="linklocal"'))),
          '{{node}}',
        ),
      ],
      links: runbooks('EksNetLinkLocalThrottled'),
    }),
  ],
};

const coreDns: Row = {
  title: 'CoreDNS',
  panels: [
    stacked({
      title: 'Endpoints by state',
      description: 'Endpoints of the kube-dns Service, except terminating ones.',
      queries: [query(max('state', cluster('eksnet_dns_backends')), '{{state}}')],
      links: runbooks('EksNetCoreDnsNoReadyBackends'),
    }),
    stacked({
      title: 'Pods by phase',
      description: 'CoreDNS pods by phase, and the reason why pending pods are not scheduled.',
      queries: [
        query(
          max('phase, scheduled, cause', cluster('eksnet_dns_pods')),
          '{{phase}}, scheduled: {{scheduled}} {{cause}}',
        ),
      ],
      links: runbooks('EksNetCoreDnsUnschedulable'),
    }),
  ],
};

const nodes: Row = {
  title: 'Nodes',
  panels: [
    table({
      title: 'Nodes with wrong nameservers',
      description: 'Nodes whose agent found other nameservers in resolv.conf than expected.',
      queries: [query(`min by (node, az) (${agents('eksnet_resolvconf_nameserver_ok')}) == 0`)],
      noValue: 'none',
      links: runbooks('EksNetWrongNameserver'),
      height: 7,
      columns: [label('node', 'Node'), label('az', 'Zone')],
    }),
    timeSeries({
      title: 'Query rate by path',
      description: 'DNS queries that eksnet itself sends, whatever their outcome.',
      unit: units.CountsPerSecond,
      queries: [query(sum('path', rate(agents(PROBES))), '{{path}}')],
      height: 7,
    }),
  ],
};

export const dns = buildDashboard({
  ...DASHBOARDS.dns,
  description:
    'Shows whether names resolve, from which nodes, on which path and how fast, and the state of' +
    ' CoreDNS.',
  rows: [summary, failures, latency, packetLoss, coreDns, nodes],
});
