import { setTimeout as sleep } from 'node:timers/promises';
import { itemTypes } from '../../bench/delivery/numbered-batch.ts';
import { deliveryTable, verifyDelivery } from '../../bench/delivery/verify.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { isLocal } from '../../ops/cluster/session.ts';
import { runEngine } from '../../ops/local/engine.ts';
import { nodeNames } from '../../ops/local/kind.ts';
import { session } from './cluster.ts';

const { target } = session;

/** The process name of each service of the pipeline. */
const processes = {
  'otel-collector': 'otelcol-contrib',
  loki: 'loki',
  prometheus: 'prometheus',
  tempo: 'tempo',
} as const;

/** Sends SIGKILL on the node, so that nothing is flushed; the container restarts with its volume. */
async function kill(process: string): Promise<void> {
  const [node = ''] = await nodeNames(session.settings.kind.clusterName);
  await runEngine(['exec', node, 'pkill', '-KILL', '-x', process]);
}

const onNode = isLocal(session) ? test : test.skip;
const rate = 50;
/** Tempo writes a trace to disk a second after its last span, and checks that each second. */
const tempoMayLose = 3 * rate;

onNode(
  'all acknowledged telemetry is stored although every store and the collector are killed',
  async () => {
    const killing = (async () => {
      for (const [component, process] of Object.entries(processes)) {
        await sleep(8_000);
        await kill(process);
        const ready = ['wait', '--for=condition=Ready', `pod/${component}-0`, '--timeout=120s'];
        await kubectl(target, ready);
      }
    })();
    const verifying = verifyDelivery(session, { rate, seconds: 60, waitSeconds: 60 });
    await killing;
    await waitForRollout(target, { timeoutSeconds: 180 });
    const { deliveries } = await verifying;
    process.stdout.write(`${deliveryTable(deliveries)}\n`);
    expect(deliveries.logs.missing).toBe(0);
    expect(deliveries.samples.missing).toBe(0);
    expect(deliveries.spans.missing).toBeLessThanOrEqual(tempoMayLose);
    for (const signal of itemTypes) {
      expect(deliveries[signal].acknowledged).toBeGreaterThan(0.5 * deliveries[signal].sent);
    }
  },
);

test('all telemetry of a busy cluster is stored', async () => {
  const rate = { samples: 20_000, logs: 2_250, spans: 2_000 };
  const { reached, deliveries } = await verifyDelivery(session, { rate, seconds: 20 });
  process.stdout.write(`${JSON.stringify(reached)} per second\n${deliveryTable(deliveries)}\n`);
  for (const type of itemTypes) {
    const { sent, acknowledged } = deliveries[type];
    expect(deliveries[type]).toMatchObject({ missing: 0, stored: acknowledged });
    expect(acknowledged).toBe(sent);
  }
});
