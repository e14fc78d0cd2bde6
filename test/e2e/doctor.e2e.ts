import { kubectl } from '../../ops/cluster/kubectl.ts';
import { NotYet } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { doctor, healed, scale } from './doctor.ts';

const { target } = session;

/** After an outage an exporter may wait half a minute for its next attempt. */
async function allWell(): Promise<void> {
  await eventually('the doctor to find nothing', async () => {
    const { code, report } = await doctor();
    if (code !== 0) throw new NotYet(report.broken.map(({ hop }) => hop).join(', '));
    expect(report.healthy).toBe(true);
  });
}

test('of a stack that is well nothing is broken, and the exit code is 0', allWell);

test.each([
  { away: 'loki', hops: ['otel-collector → loki', 'grafana → loki', 'rules of loki'] },
  { away: 'tempo', hops: ['otel-collector → tempo', 'grafana → tempo'] },
  {
    away: 'prometheus',
    hops: ['otel-collector → prometheus', 'grafana → prometheus', 'scrape targets'],
  },
  {
    away: 'otel-collector',
    hops: ['sender → otel-collector (OTLP/gRPC)', 'sender → otel-collector (OTLP/HTTP)'],
  },
  {
    away: 'alertmanager',
    hops: ['grafana → alertmanager'],
  },
])('without $away the doctor names its hops and how to bring it back', async ({ away, hops }) => {
  await scale(away, 0);
  try {
    const { code, report } = await doctor();
    expect(code).toBe(1);
    expect(report.seconds).toBeLessThan(20);
    const endpoint = report.broken.find(({ area }) => area === 'endpoint');
    expect(endpoint).toMatchObject({
      hop: away,
      cause: `StatefulSet ${away} is scaled to 0`,
      next: expect.stringContaining(`scale statefulset/${away} --replicas=1`),
    });
    expect(report.broken.map(({ hop }) => hop)).toEqual(expect.arrayContaining(hops));
  } finally {
    await scale(away, 1);
    await healed();
  }
});

test('without Grafana, and with a datasource that leads elsewhere, the doctor says so', async () => {
  const name = 'configmap/grafana-datasources';
  const key = 'mantis.yaml';
  const read = ['get', name, '-o', `go-template={{index .data "${key}"}}`];
  const original = await kubectl(target, read);
  const write = (text: string) =>
    kubectl(target, ['patch', name, '--patch', JSON.stringify({ data: { [key]: text } })]);
  await scale('grafana', 0);
  try {
    const without = await doctor();
    expect(without.code).toBe(1);
    expect(without.report.broken.map(({ hop }) => hop)).toEqual(
      expect.arrayContaining(['grafana', 'grafana → prometheus', 'grafana → alertmanager']),
    );
    await write(original.replaceAll('http://loki.', 'http://nowhere.'));
    await scale('grafana', 1);
    await healed();
    const misled = await doctor();
    expect(misled.code).toBe(1);
    const hops = misled.report.broken.filter(({ hop }) => hop.startsWith('grafana'));
    expect(hops.map(({ area, hop }) => `${area}: ${hop}`)).toEqual([
      'logs: grafana → loki',
      'grafana: grafana → loki',
    ]);
    expect(hops[0]?.cause).toMatch(/datasource loki/);
  } finally {
    await write(original);
    await scale('grafana', 0);
    await scale('grafana', 1);
    await healed();
  }
});

test('after all of this everything is well again', allWell);
