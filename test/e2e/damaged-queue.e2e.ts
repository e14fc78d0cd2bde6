import { randomUUID } from 'node:crypto';
import { images } from '../../lib/model/images.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { activeAlerts } from '../../ops/stores/prometheus.ts';
import { pushLogs } from '../push-logs.ts';
import { runOnClaim, startStatefulSet, stopStatefulSet } from './claim-pod.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';

const { target } = session;
const queue = '/data/queue/exporter_otlp_http_loki_logs';

/** Statements that damage the file `f` of `size` bytes, and what the check says about it. */
const damages = [
  {
    name: 'both meta pages are zero',
    statement: 'fs.writeSync(f, Buffer.alloc(8192), 0, 8192, 0)',
    problem: 'no meta page is valid',
  },
  {
    name: 'the file is truncated within its first page',
    statement: 'fs.ftruncateSync(f, 100)',
    problem: 'the file is shorter than two pages',
  },
  {
    name: 'all pages behind the meta pages have random bytes',
    statement: 'fs.writeSync(f, require("crypto").randomBytes(size - 8192), 0, size - 8192, 8192)',
    problem: 'has the number',
  },
  {
    name: 'all pages behind the meta pages are missing',
    statement: 'fs.ftruncateSync(f, 8192)',
    problem: 'is behind the end of the file',
  },
] as const;

const damage = (statement: string) => `
const fs = require('fs');
const f = fs.openSync('${queue}', 'r+');
const { size } = fs.fstatSync(f);
if (size < 16384) throw new Error('the queue has ' + size + ' bytes');
${statement};
console.log(size);
`;

const service = `e2e-queue-${randomUUID().slice(0, 8)}`;
const from = nowSeconds() - 60;

afterAll(async () => {
  await startStatefulSet('otel-collector');
});

test.each(damages)(
  'the collector starts and accepts telemetry after $name',
  async ({ name, statement, problem }) => {
    await stopStatefulSet('otel-collector');
    await runOnClaim('otel-collector', images.collector, damage(statement));
    await startStatefulSet('otel-collector');
    const report = await kubectl(target, ['logs', 'otel-collector-0', '--container=queue-check']);
    expect(report).toContain(problem);
    await withUrls(['otlpHttp', 'loki'], async ({ otlpHttp, loki }) => {
      await pushLogs(otlpHttp, { service, severity: 'INFO', text: name, time: new Date() });
      await eventually('the line', async () => {
        const found = await queryLoki(loki, `{service_name="${service}"} |= "${name}"`, from);
        if (found.length !== 1) throw new RetryLater(`${found.length} lines`);
      });
    });
  },
);

test('every damaged file is reported in Loki, and an alert fires', () =>
  withUrls(['loki'], async ({ loki }) => {
    await eventually('the reports', async () => {
      const query = '{service_name="otel-collector"} |= "was damaged"';
      const found = await queryLoki(loki, query, from);
      if (found.length < damages.length) throw new RetryLater(`${found.length} lines`);
    });
    await eventually('the alert', async () => {
      const active = await activeAlerts(loki, '/prometheus');
      const own = active.find(({ labels }) => labels.alertname === 'CollectorQueueDamaged');
      if (own?.state !== 'firing') throw new RetryLater('not firing');
    });
  }));

test('of each queue one damaged file is kept, which can be deleted', async () => {
  await stopStatefulSet('otel-collector');
  const program = `
const fs = require('fs');
const kept = fs.readdirSync('/data/queue').filter((name) => name.endsWith('.backup'));
for (const name of kept) fs.rmSync('/data/queue/' + name);
console.log(kept.length);
`;
  const kept = await runOnClaim('otel-collector', images.collector, program);
  expect(kept.trim()).toBe('1');
  await startStatefulSet('otel-collector');
});
