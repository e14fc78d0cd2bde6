import { kubectl } from '../../ops/cluster/kubectl.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { runDoctor, scaleStatefulSet, waitUntilReady } from './doctor.ts';

const { target } = session;

/** Retries, because an exporter may wait half a minute for its next attempt after an outage. */
async function expectHealthy(): Promise<void> {
  await eventually('the doctor to find no problem', async () => {
    const { code, report } = await runDoctor();
    if (code !== 0) throw new RetryLater(report.broken.map(({ hop }) => hop).join(', '));
    expect(report.healthy).toBe(true);
  });
}

test('a healthy stack has no failed check, and the exit code is 0', expectHealthy);

test.each([
  { stopped: 'loki', hops: ['otel-collector → loki', 'grafana → loki', 'rules of loki'] },
  { stopped: 'tempo', hops: ['otel-collector → tempo', 'grafana → tempo'] },
  {
    stopped: 'prometheus',
    hops: ['otel-collector → prometheus', 'grafana → prometheus', 'scrape targets'],
  },
  {
    stopped: 'otel-collector',
    hops: ['sender → otel-collector (OTLP/gRPC)', 'sender → otel-collector (OTLP/HTTP)'],
  },
  {
    stopped: 'alertmanager',
    hops: ['grafana → alertmanager'],
  },
])(
  'without $stopped the doctor names its hops and the command that starts it',
  async ({ stopped, hops }) => {
    await scaleStatefulSet(stopped, 0);
    try {
      const { code, report } = await runDoctor();
      expect(code).toBe(1);
      expect(report.seconds).toBeLessThan(20);
      const endpoint = report.broken.find(({ area }) => area === 'endpoint');
      expect(endpoint).toMatchObject({
        hop: stopped,
        cause: `StatefulSet ${stopped} is scaled to 0`,
        next: expect.stringContaining(`scale statefulset/${stopped} --replicas=1`),
      });
      expect(report.broken.map(({ hop }) => hop)).toEqual(expect.arrayContaining(hops));
    } finally {
      await scaleStatefulSet(stopped, 1);
      await waitUntilReady();
    }
  },
);

test('the doctor finds a stopped Grafana and a datasource with a wrong URL', async () => {
  const name = 'configmap/grafana-datasources';
  const key = 'mantis.yaml';
  const read = ['get', name, '-o', `go-template={{index .data "${key}"}}`];
  const original = await kubectl(target, read);
  const write = (text: string) =>
    kubectl(target, ['patch', name, '--patch', JSON.stringify({ data: { [key]: text } })]);
  await scaleStatefulSet('grafana', 0);
  try {
    const without = await runDoctor();
    expect(without.code).toBe(1);
    expect(without.report.broken.map(({ hop }) => hop)).toEqual(
      expect.arrayContaining(['grafana', 'grafana → prometheus', 'grafana → alertmanager']),
    );
    await write(original.replaceAll('http://loki:', 'http://nowhere:'));
    await scaleStatefulSet('grafana', 1);
    await waitUntilReady();
    const wrongDatasource = await runDoctor();
    expect(wrongDatasource.code).toBe(1);
    const hops = wrongDatasource.report.broken.filter(({ hop }) => hop.startsWith('grafana'));
    expect(hops.map(({ area, hop }) => `${area}: ${hop}`)).toEqual([
      'logs: grafana → loki',
      'grafana: grafana → loki',
    ]);
    expect(hops[0]?.cause).toMatch(/datasource loki/);
  } finally {
    await write(original);
    await scaleStatefulSet('grafana', 0);
    await scaleStatefulSet('grafana', 1);
    await waitUntilReady();
  }
});

test('afterwards the stack is healthy again', expectHealthy);
