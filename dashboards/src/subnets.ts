// IP addresses: how many each subnet has left, for how long, and whether nodes and pods get them.

import { buildDashboard, type Row } from './dashboard.js';
import {
  DASHBOARDS,
  DAY,
  FREE_ADDRESS_THRESHOLDS,
  FREE_RATIO_THRESHOLDS,
  label,
  mapValues,
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
import { agents, cluster, increase, max, min, rate, sum, zone } from './promql.js';

const SUBNET = 'subnet_id, az';
const SUBNET_LEGEND = '{{subnet_id}} {{az}}';
const FREE = min(SUBNET, zone('eksnet_subnet_available_ips'));
const USABLE = min(SUBNET, zone('eksnet_subnet_usable_ips'));
const FREE_RATIO = `${FREE} / ${USABLE}`;
const FREE_BLOCKS = min(SUBNET, zone('eksnet_subnet_free_prefix28'));

// The aggregation over all controllers keeps the trend when the leader changes.
const TREND = `(${FREE})[6h:5m]`;
const FORECAST = `clamp_min(predict_linear(${TREND}, 4 * 3600), 0)`;
const EMPTY_IN = `${FREE} / (-deriv(${TREND}) > 0)`;

const summary: Row = {
  panels: [
    stat({
      title: 'Lowest free ratio',
      description: 'Ratio of free to usable addresses in the fullest subnet.',
      unit: units.PercentUnit,
      queries: [query(`min(${FREE_RATIO})`, 'free')],
      thresholds: FREE_RATIO_THRESHOLDS,
      noValue: 'unknown',
      links: runbooks('EksNetSubnetIpLow'),
    }),
    stat({
      title: 'Fewest free addresses',
      description:
        'Free addresses in the subnet with the fewest. EKS recommends at least 16 in each subnet; a' +
        ' load balancer needs 8.',
      queries: [query(`min(${FREE})`, 'addresses')],
      thresholds: FREE_ADDRESS_THRESHOLDS,
      noValue: 'unknown',
      links: runbooks('EksNetSubnetIpExhausted', 'EksNetLbSubnetTooFewIps'),
    }),
    stat({
      title: 'First subnet empty in',
      description:
        'Time until the first subnet has no free address if the trend of the last six hours continues.',
      unit: units.DurationSeconds,
      queries: [query(`min(${EMPTY_IN})`, 'left')],
      thresholds: thresholds('red', [4 * 3600, 'orange'], [DAY, 'green']),
      noValue: 'no downward trend',
      links: runbooks('EksNetSubnetIpExhaustionPredicted'),
    }),
    stat({
      title: 'Prefix delegation',
      description:
        'Whether the VPC CNI assigns /28 prefixes of 16 addresses. If it does, a subnet without a free' +
        ' /28 block is full, even if it has free addresses.',
      queries: [query(max('', cluster('eksnet_cni_prefix_delegation')), 'prefixes')],
      mappings: mapValues({ 0: ['off', 'blue'], 1: ['on', 'blue'] }),
      noValue: 'unknown',
    }),
    stat({
      title: 'Fewest free /28 blocks',
      description:
        'Free /28 blocks in the subnet with the fewest. Reported with prefix delegation only.',
      queries: [query(`min(${zone('eksnet_subnet_free_prefix28')})`, 'blocks')],
      thresholds: thresholds('red', [1, 'orange'], [8, 'green']),
      noValue: 'no prefix delegation',
      links: runbooks('EksNetSubnetNoPrefixBlocks'),
    }),
    stat({
      title: 'Pods without an IP address',
      description:
        'Rate of failures to assign an IP address to a pod, from kubelet events. If it stays above 0,' +
        ' new pods do not start.',
      unit: units.CountsPerSecond,
      queries: [
        query(
          sum('', rate(zone('eksnet_pod_sandbox_failures_total', 'reason="no_ip"'))),
          'failures',
        ),
      ],
      thresholds: thresholds('green', [0.001, 'red']),
      noValue: 'none',
      links: runbooks('EksNetPodSandboxNoIp'),
    }),
  ],
};

const subnetDetails: Row = {
  title: 'Subnets',
  open: true,
  panels: [
    table({
      title: 'Subnets',
      description:
        'Free and usable addresses from EC2, which lags by a few minutes, and the forecast for four' +
        ' hours ahead from the trend of the last six hours.',
      queries: [
        query(FREE),
        query(USABLE),
        query(FREE_RATIO),
        query(FORECAST),
        query(EMPTY_IN),
        query(FREE_BLOCKS),
      ],
      noValue: 'unknown',
      links: runbooks('EksNetSubnetIpLow', 'EksNetSubnetIpExhausted'),
      width: 24,
      height: 9,
      columns: [
        label('subnet_id', 'Subnet'),
        label('az', 'Zone'),
        value('A', 'Free', units.Short, { thresholds: FREE_ADDRESS_THRESHOLDS }),
        value('B', 'Usable', units.Short),
        value('C', 'Free ratio', units.PercentUnit, { thresholds: FREE_RATIO_THRESHOLDS }),
        value('D', 'Free in 4 h', units.Short, { thresholds: FREE_ADDRESS_THRESHOLDS }),
        value('E', 'Empty in', units.DurationSeconds),
        value('F', 'Free /28 blocks', units.Short),
      ],
    }),
    timeSeries({
      title: 'Free addresses',
      description:
        'Free addresses of each subnet. Dashed: the forecast for four hours later from the trend of the' +
        ' six hours before.',
      queries: [query(FREE, SUBNET_LEGEND), query(FORECAST, `${SUBNET_LEGEND} forecast`)],
      links: runbooks('EksNetSubnetIpExhaustionPredicted'),
    }),
    timeSeries({
      title: 'Free ratio',
      description:
        'Ratio of free to usable addresses. A step down with a new node is its warm pool, which returns' +
        ' when the node is removed.',
      unit: units.PercentUnit,
      queries: [query(FREE_RATIO, SUBNET_LEGEND)],
      thresholds: thresholds('red', [0.2, 'green']),
      links: runbooks('EksNetSubnetIpLow'),
    }),
    timeSeries({
      title: 'Free /28 blocks',
      description: '/28 blocks without a used address. Reported with prefix delegation only.',
      queries: [query(FREE_BLOCKS, SUBNET_LEGEND)],
      noValue: 'no prefix delegation',
      links: runbooks('EksNetSubnetNoPrefixBlocks'),
    }),
    matrix({
      title: 'Subnet roles',
      description: 'What the cluster uses each subnet for.',
      queries: [query(max('subnet_id, role', cluster('eksnet_subnet_role')))],
      thresholds: thresholds('transparent', [1, 'blue']),
      mappings: mapValues({ 1: ['yes', 'blue'] }),
      noValue: '',
      rowLabel: 'subnet_id',
      columnLabel: 'role',
    }),
  ],
};

const ADDRESSES = sum('node, az', agents('eksnet_ipamd_addresses', 'state="total"'));
const ASSIGNED = sum('node, az', agents('eksnet_ipamd_addresses', 'state="assigned"'));
const ENIS = sum('node, az', agents('eksnet_ipamd_enis', 'state="allocated"'));
const MAX_ENIS = sum('node, az', agents('eksnet_ipamd_enis', 'state="max"'));
const POD_SLOTS = (state: string) =>
  max('node', cluster('eksnet_node_pod_slots', 'node=~"$node"', `state="${state}"`));
const LOW_ON_ADDRESSES = `topk(20, ${ASSIGNED} / (${ADDRESSES} > 0))`;
const FULL_OF_PODS = `topk(20, ${POD_SLOTS('used')} / (${POD_SLOTS('allocatable')} > 0))`;

const nodes: Row = {
  title: 'Nodes',
  panels: [
    table({
      title: 'Nodes with the fewest addresses',
      description:
        'The twenty nodes that have assigned the highest ratio of their addresses, their warm addresses,' +
        ' and the network interfaces they can still attach.',
      queries: [
        query(LOW_ON_ADDRESSES),
        query(`(${ADDRESSES} - ${ASSIGNED}) and on (node, az) ${LOW_ON_ADDRESSES}`),
        query(`(${MAX_ENIS} - ${ENIS}) and on (node, az) ${LOW_ON_ADDRESSES}`),
      ],
      noValue: 'unknown',
      links: runbooks('EksNetIpamdPoolEmpty'),
      columns: [
        label('node', 'Node'),
        label('az', 'Zone'),
        value('A', 'Assigned', units.PercentUnit, {
          thresholds: thresholds('green', [0.9, 'orange'], [1, 'red']),
        }),
        value('B', 'Warm addresses', units.Short),
        value('C', 'Attachable interfaces', units.Short),
      ],
    }),
    stacked({
      title: 'Addresses held by nodes',
      description:
        'Addresses that the VPC CNI holds, assigned to pods and warm. If a subnet is full, reduce the' +
        ' warm pool first.',
      queries: [
        query(`sum(${ASSIGNED})`, 'assigned to pods'),
        query(`sum(${ADDRESSES}) - sum(${ASSIGNED})`, 'warm'),
      ],
    }),
    timeSeries({
      title: 'Failed address assignments',
      description: 'How often ipamd of a node had no free address for a pod.',
      queries: [
        query(sum('node', increase(agents('eksnet_ipamd_no_ip_total'))) + ' > 0', '{{node}}'),
      ],
      noValue: 'none or unknown',
      links: runbooks('EksNetIpamdPoolEmpty'),
    }),
    stacked({
      title: 'Failed AWS API calls of ipamd',
      description:
        'InsufficientFreeAddressesInSubnet: the subnet is full. InsufficientCidrBlocks: the subnet has no' +
        ' free /28 block. UnauthorizedOperation: the role of the VPC CNI lacks a permission.',
      unit: units.CountsPerSecond,
      queries: [
        query(
          sum('api, error', rate(agents('eksnet_ipamd_aws_api_error_total'))) + ' > 0',
          '{{api}} {{error}}',
        ),
      ],
      noValue: 'none or unknown',
    }),
    table({
      title: 'Nodes that are not ready',
      description:
        'Nodes that are not ready, without those that are cordoned, drained or being deleted. A new node is' +
        ' ready within five minutes.',
      queries: [query(max('node, az, reason', zone('eksnet_node_not_ready')) + ' == 1')],
      noValue: 'none or unknown',
      links: runbooks('EksNetNodesNotReady'),
      width: 24,
      height: 7,
      columns: [label('node', 'Node'), label('az', 'Zone'), label('reason', 'Reason')],
    }),
    table({
      title: 'Nodes without ipamd',
      description:
        'Nodes on which the agent cannot read the metrics of ipamd. On a new node ipamd starts within' +
        ' three minutes.',
      queries: [query(`${min('node, az', agents('eksnet_ipamd_up'))} == 0`)],
      noValue: 'none',
      links: runbooks('EksNetIpamdDown'),
      columns: [label('node', 'Node'), label('az', 'Zone')],
    }),
    table({
      title: 'Nodes with the most pods',
      description:
        'The twenty nodes closest to their pod capacity. If pods do not fit although addresses are free,' +
        ' raise max-pods.',
      queries: [
        query(FULL_OF_PODS),
        query(
          `(${POD_SLOTS('allocatable')} - ${POD_SLOTS('used')})` + ` and on (node) ${FULL_OF_PODS}`,
        ),
      ],
      noValue: 'unknown',
      links: runbooks('EksNetNodePodSlotsFull'),
      columns: [
        label('node', 'Node'),
        value('A', 'Used', units.PercentUnit, {
          thresholds: thresholds('green', [0.9, 'orange'], [0.95, 'red']),
        }),
        value('B', 'Pods left', units.Short),
      ],
    }),
  ],
};

const pods: Row = {
  title: 'Pods',
  panels: [
    stacked({
      title: 'Pod sandbox failures',
      description:
        'Failures to set up the network of a pod, from kubelet events, by reason and zone. A few are' +
        ' normal in the first minutes of a node.',
      unit: units.CountsPerSecond,
      queries: [
        query(
          sum('reason, az', rate(zone('eksnet_pod_sandbox_failures_total'))) + ' > 0',
          '{{reason}} {{az}}',
        ),
      ],
      noValue: 'none or unknown',
      links: runbooks('EksNetPodSandboxNoIp'),
    }),
    stacked({
      title: 'Unschedulable pods',
      description: 'Pending pods by the reason why they are not scheduled.',
      queries: [query(max('cause', cluster('eksnet_pods_unschedulable')), '{{cause}}')],
      links: runbooks('EksNetPodsUnschedulable'),
    }),
    table({
      title: 'Node classes that are not ready',
      description: 'Conditions of node classes that are not "True", with the reason.',
      queries: [
        query(
          max(
            'nodeclass, condition, status, reason',
            cluster('eksnet_nodeclass_condition', 'status!="True"'),
          ) + ' == 1',
        ),
      ],
      noValue: 'none or unknown',
      links: runbooks('EksNetNodeClassNotReady'),
      columns: [
        label('nodeclass', 'Node class'),
        label('condition', 'Condition'),
        label('status', 'Status'),
        label('reason', 'Reason'),
      ],
    }),
    table({
      title: 'Node classes with an unrendered template',
      description:
        'Node classes whose spec contains a template placeholder, so that its selectors match no subnet.',
      queries: [query(max('nodeclass', cluster('eksnet_nodeclass_unrendered_template')) + ' == 1')],
      noValue: 'none or unknown',
      links: runbooks('EksNetNodeClassUnrenderedTemplate'),
      columns: [label('nodeclass', 'Node class')],
    }),
  ],
};

export const subnets = buildDashboard({
  ...DASHBOARDS.subnets,
  description:
    'Shows how many addresses the subnets of the cluster have left, for how long, and whether nodes' +
    ' and pods get addresses.',
  from: 'now-24h',
  rows: [summary, subnetDetails, nodes, pods],
});
