import { setTimeout as sleep } from 'node:timers/promises';
import { signals } from '../../bench/delivery/otlp.ts';
import { deliveryTable, verifyDelivery } from '../../bench/delivery/verify.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { isLocal } from '../../ops/cluster/session.ts';
import { runEngine } from '../../ops/local/engine.ts';
import { nodeNames } from '../../ops/local/kind.ts';
import { session } from './cluster.ts';

const { target } = session;

/** The process of each container that telemetry passes through, by the name that the kernel has. */
const processes = {
  'otel-collector': 'otelcol-contrib',
  loki: 'loki',
  prometheus: 'prometheus',
  tempo: 'tempo',
} as const;

/** SIGKILL from the node: nothing can be flushed, and the container starts again on its volume. */
async function kill(process: string): Promise<void> {
  const [node = ''] = await nodeNames(session.settings.kind.clusterName);
  await runEngine(['exec', node, 'pkill', '-KILL', '-x', process]);
}

const onNode = isLocal(session) ? test : test.skip;
const rate = 50;
/** Tempo writes a trace to disk when nothing has been added to it for a second; it looks each second. */
const tempoMayLose = 3 * rate;

onNode(
  'what was acknowledged is stored, while every store and the collector are killed',
  async () => {
    const killing = (async () => {
      for (const [component, process] of Object.entries(processes)) {
        await sleep(8_000);
        await kill(process);
        const ready = ['wait', '--for=condition=Ready', `pod/${component}-0`, '--timeout=120s'];
        await kubectl(target, ready);
      }
    })();
    const verifying = verifyDelivery(session, { rate, seconds: 60, patience: 60 });
    await killing;
    await waitForRollout(target, { timeoutSeconds: 180 });
    const { deliveries } = await verifying;
    process.stdout.write(`${deliveryTable(deliveries)}\n`);
    expect(deliveries.logs.missing).toBe(0);
    expect(deliveries.samples.missing).toBe(0);
    expect(deliveries.spans.missing).toBeLessThanOrEqual(tempoMayLose);
    for (const signal of signals) {
      expect(deliveries[signal].acknowledged).toBeGreaterThan(0.5 * deliveries[signal].sent);
    }
  },
);
