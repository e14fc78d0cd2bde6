import { checkCapacity } from './capacity.ts';
import { nodeSchema } from './versions.ts';

interface Given {
  readonly labels?: Record<string, string>;
  readonly taints?: readonly object[];
  readonly unschedulable?: boolean;
  readonly ready?: boolean;
  readonly cpu?: string;
}

const node = (name: string, given: Given = {}) =>
  nodeSchema.parse({
    metadata: { name, labels: given.labels },
    spec: { taints: given.taints, unschedulable: given.unschedulable },
    status: {
      nodeInfo: { kubeletVersion: 'v1.34.0' },
      allocatable: { cpu: given.cpu ?? '2', memory: '4Gi' },
      conditions: [{ type: 'Ready', status: given.ready === false ? 'False' : 'True' }],
    },
  });

const workload = (name: string, spec: object = {}, kind = 'StatefulSet', cpu = '1') => ({
  kind,
  metadata: { name },
  spec: { template: { spec: { containers: [{ resources: { requests: { cpu } } }], ...spec } } },
});

const check = (objects: readonly object[], nodes: readonly ReturnType<typeof node>[]) =>
  checkCapacity(objects, nodes, [], 'observability');

const dedicated = { key: 'dedicated', value: 'monitoring', effect: 'NoSchedule' };
const tainted = node('a', { taints: [dedicated] });

test('pods that no node admits are refused with the taint and its toleration', () => {
  expect(check([workload('loki'), workload('shop')], [tainted, node('b', tainted.spec)])).toEqual({
    name: 'nodes',
    status: 'failed',
    seen: 'no node admits the pods of loki, shop: taint dedicated=monitoring:NoSchedule (nodes a, b)',
    todo: 'set tolerations (all pods) or loki.tolerations in mantis.yaml to [{ key: dedicated, operator: Equal, value: "monitoring", effect: NoSchedule }] (docs/deployment.md, Nodes)',
  });
});

test('the toleration of the message is enough, on a node with several taints too', () => {
  const taints = [dedicated, { key: 'gpu', effect: 'NoExecute' }];
  const nodes = [node('a', { taints })];
  const { todo = '' } = check([workload('otel-collector')], nodes);
  expect(todo).toContain('collector.tolerations');
  expect(todo).toContain(
    '{ key: dedicated, operator: Equal, value: "monitoring", effect: NoSchedule }, { key: gpu, operator: Exists, effect: NoExecute }',
  );
  const tolerations = [
    { key: 'dedicated', operator: 'Equal', value: 'monitoring', effect: 'NoSchedule' },
    { key: 'gpu', operator: 'Exists', effect: 'NoExecute' },
  ];
  expect(check([workload('otel-collector', { tolerations })], nodes).status).toBe('ok');
});

test.each([
  ['its key', { key: 'dedicated', operator: 'Exists' }, 'ok'],
  ['its key and value', { key: 'dedicated', value: 'monitoring' }, 'ok'],
  ['everything', { operator: 'Exists' }, 'ok'],
  ['another value', { key: 'dedicated', value: 'other' }, 'failed'],
  ['another key', { key: 'other', operator: 'Exists' }, 'failed'],
  ['another effect', { key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }, 'failed'],
])('a node with a taint and a pod that tolerates %s: %s', (_what, toleration, status) => {
  expect(check([workload('loki', { tolerations: [toleration] })], [tainted]).status).toBe(status);
});

test('PreferNoSchedule excludes no pod', () => {
  const taints = [{ ...dedicated, effect: 'PreferNoSchedule' }];
  expect(check([workload('loki')], [node('a', { taints })]).status).toBe('ok');
});

const selector = { nodeSelector: { pool: 'monitoring' } };

test('a nodeSelector that no node has is named, with its setting', () => {
  expect(
    check([workload('orders', selector)], [node('a', { labels: { pool: 'x' } })]),
  ).toMatchObject({
    seen: 'no node admits the pods of orders: no label pool=monitoring (node a)',
    todo: expect.stringMatching(
      /^label a node, or correct nodeSelector .* or testApp\.nodeSelector /,
    ),
  });
  expect(
    check([workload('orders', selector)], [node('a', { labels: { pool: 'monitoring' } })]).status,
  ).toBe('ok');
});

test('of the nodes that are selected, the taint counts, not the label of the others', () => {
  const pool = node('pool', { labels: { pool: 'monitoring' }, taints: [dedicated] });
  const { seen } = check([workload('loki', selector)], [node('other'), pool]);
  expect(seen).toBe(
    'no node admits the pods of loki: taint dedicated=monitoring:NoSchedule (node pool)',
  );
});

test.each([
  ['cordoned', { unschedulable: true }, /cordoned \(node a\)/, /kubectl uncordon/],
  ['not ready', { ready: false }, /not ready \(node a\)/, /kubectl describe node/],
])('a node that is %s admits no pod', (_what, given, seen, todo) => {
  expect(check([workload('loki')], [node('a', given)])).toMatchObject({
    seen: expect.stringMatching(seen),
    todo: expect.stringMatching(todo),
  });
});

test('a required nodeAffinity is left to the scheduler', () => {
  const expression = { key: 'zone', operator: 'In', values: ['a'] };
  const required = { nodeSelectorTerms: [{ matchExpressions: [expression] }] };
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
  expect(check([workload('loki', { affinity })], [node('a')]).status).toBe('ok');
});

test('resources count on the nodes that admit a pod', () => {
  const pool = node('pool', { labels: { pool: 'monitoring' } });
  const two = [workload('loki', selector), workload('tempo', selector)];
  expect(check(two, [node('other'), pool])).toMatchObject({ name: 'capacity', status: 'ok' });
  const three = [...two, workload('prometheus', selector)];
  expect(check(three, [node('other'), pool])).toMatchObject({
    status: 'failed',
    seen: '3.00 CPU and 0.00 GiB requested, 2.00 CPU and 4.00 GiB free',
  });
  // Together the nodes have enough, but not those of the pool.
  expect(
    check([...three, workload('shop', {}, 'Deployment', '100m')], [node('other'), pool]),
  ).toMatchObject({
    status: 'failed',
    seen: '3.00 CPU and 0.00 GiB requested, 2.00 CPU and 4.00 GiB free on node pool',
  });
});

test('free resources of nodes that admit no pod do not count', () => {
  expect(check([workload('loki')], [tainted, node('b')]).seen).toContain(
    '2.00 CPU and 4.00 GiB free',
  );
});

test('a DaemonSet wants a pod on each node that it tolerates, cordoned ones too', () => {
  const everyNode = workload(
    'node-collector',
    { tolerations: [{ operator: 'Exists' }] },
    'DaemonSet',
  );
  const nodes = [tainted, node('b'), node('c', { unschedulable: true })];
  expect(check([everyNode], nodes).seen).toContain('3.00 CPU');
  expect(check([everyNode], [...nodes, node('full', { cpu: '500m' })])).toMatchObject({
    status: 'failed',
    seen: '1.00 CPU and 0.00 GiB requested, 0.50 CPU and 4.00 GiB free on node full',
  });
});

test('of many nodes three are named', () => {
  const nodes = ['a', 'b', 'c', 'd', 'e'].map((name) => node(name, { taints: [dedicated] }));
  expect(check([workload('loki')], nodes).seen).toContain('(nodes a, b, c and 2 more)');
});
