import { images } from '../../lib/model/images.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { parsePage, sumSamples } from '../../ops/stores/exposition.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { activeAlerts, queryPrometheus } from '../../ops/stores/prometheus.ts';
import { runOnClaim, startStatefulSet, stopStatefulSet } from './claim-pod.ts';
import { eventually, session, withUrls } from './cluster.ts';

const { target } = session;
const pod = 'prometheus-0';

const onVolume = (statements: string) =>
  runOnClaim('prometheus', images.prometheus, `const fs = require('fs'); ${statements}`);

/** Waits until the container has ended for a reason, with a text in its log. */
async function waitForEnd(reason: string, text: string): Promise<void> {
  await eventually(`${pod} to end with ${reason}`, async () => {
    const path = '{.status.containerStatuses[0].lastState.terminated.reason}';
    const last = await kubectl(target, ['get', 'pod', pod, `--output=jsonpath=${path}`]);
    if (last !== reason) throw new RetryLater(last || 'it has not ended');
    // The log of a container that has just ended may not be there yet, or not any more.
    const log = await kubectl(target, ['logs', pod, '--previous']).catch(() => '');
    if (!log.includes(text)) throw new RetryLater(`its log has no "${text}"`);
  });
}

/** Minutes long, and after a failure Prometheus may not start again: `npm run e2e:damage`. */
const onRequest = process.env.DAMAGE === undefined ? test.skip : test;

onRequest(
  'Prometheus repairs a damaged segment of its write-ahead log, and an alert fires',
  async () => {
    await stopStatefulSet('prometheus');
    const damaged = await onVolume(`
const names = fs.readdirSync('/data/wal').filter((name) => /^\\d+$/.test(name)).sort();
const name = names.find((each) => fs.statSync('/data/wal/' + each).size > 65536);
const f = fs.openSync('/data/wal/' + name, 'r+');
fs.writeSync(f, require('crypto').randomBytes(4096), 0, 4096, 34000);
console.log(name);
`);
    expect(damaged.trim()).toMatch(/^\d+$/);
    await startStatefulSet('prometheus', 300);
    await withUrls(['prometheus'], async ({ prometheus }) => {
      const page = parsePage(await fetchText(prometheus, '/metrics'));
      expect(sumSamples(page, stackMetrics.prometheusWalCorruptions)).toBe(1);
      await eventually('the alert', async () => {
        const active = await activeAlerts(prometheus);
        const own = active.find(({ labels }) => labels.alertname === 'WalCorruption');
        if (own?.state !== 'firing') throw new RetryLater('not firing');
      });
    });
  },
);

onRequest(
  'with a damaged checkpoint Prometheus fails once, deletes its log, and starts',
  async () => {
    await stopStatefulSet('prometheus');
    await onVolume(`
// As after the first compaction: a checkpoint, and the segments after it.
const names = fs.readdirSync('/data/wal');
for (const name of names.filter((each) => each.startsWith('checkpoint')))
  fs.rmSync('/data/wal/' + name, { recursive: true });
for (const name of names.filter((each) => /^\\d+$/.test(each)).sort().reverse())
  fs.renameSync('/data/wal/' + name, '/data/wal/' + String(Number(name) + 5).padStart(8, '0'));
fs.mkdirSync('/data/wal/checkpoint.00000004');
fs.writeFileSync('/data/wal/checkpoint.00000004/00000000', require('crypto').randomBytes(65536));
`);
    await kubectl(target, ['scale', '--replicas=1', 'statefulset/prometheus']);
    await waitForEnd('Error', 'repair corrupted WAL');
    await startStatefulSet('prometheus');
  },
);

// As in docs/runbooks/WalCorruption.md.
onRequest(
  'with a missing segment Prometheus starts only after its log was moved away',
  async () => {
    await stopStatefulSet('prometheus');
    await onVolume(`
const last = fs.readdirSync('/data/wal').filter((name) => /^\\d+$/.test(name)).sort().pop();
const later = String(Number(last) + 2).padStart(8, '0');
fs.copyFileSync('/data/wal/' + last, '/data/wal/' + later);
`);
    await kubectl(target, ['scale', '--replicas=1', 'statefulset/prometheus']);
    await waitForEnd('Error', 'segments are not sequential');
    await stopStatefulSet('prometheus');
    await onVolume(`fs.renameSync('/data/wal', '/data/wal.damaged')`);
    await startStatefulSet('prometheus');
    await withUrls(['prometheus'], ({ prometheus }) =>
      eventually('new samples', async () => {
        const up = await queryPrometheus(prometheus, 'up == 1');
        if (up.length < 3) throw new RetryLater(`${up.length} targets`);
      }),
    );
    await stopStatefulSet('prometheus');
    await onVolume(`fs.rmSync('/data/wal.damaged', { recursive: true })`);
    await startStatefulSet('prometheus');
  },
);

onRequest(
  'killed while it replays its log, Prometheus starts when its memory limit is raised',
  async () => {
    const limit = (memory: string) =>
      kubectl(target, [
        'set',
        'resources',
        'statefulset/prometheus',
        '--containers=prometheus',
        `--requests=memory=${memory}`,
        `--limits=memory=${memory}`,
      ]);
    const path = '{.spec.template.spec.containers[0].resources.limits.memory}';
    const before = await kubectl(target, [
      'get',
      'statefulset',
      'prometheus',
      `--output=jsonpath=${path}`,
    ]);
    await limit('24Mi');
    try {
      await waitForEnd('OOMKilled', '');
    } finally {
      await limit(before);
    }
    await startStatefulSet('prometheus', 180);
  },
);
