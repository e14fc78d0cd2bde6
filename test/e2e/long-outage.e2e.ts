import { setTimeout as sleep } from 'node:timers/promises';
import { signals } from '../../bench/delivery/otlp.ts';
import { deliveryTable, verifyDelivery } from '../../bench/delivery/verify.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { seconds } from '../../ops/process/seconds.ts';
import { session } from './cluster.ts';

const { target } = session;
const { OUTAGE } = process.env;
const outage = seconds('OUTAGE', OUTAGE || '10m');
/** The collector's longest wait between two attempts is 30 s; then it has the outage to send. */
const patience = 600;
const around = 15;
const rate = 20;
/** While the collector itself is replaced nobody acknowledges anything. */
const collectorAway = 60;

const scale = (store: string, replicas: number) =>
  kubectl(target, ['scale', `--replicas=${replicas}`, `statefulset/${store}`]);

const onRequest = OUTAGE ? describe : describe.skip;

onRequest(`a store is away for ${outage} s, and the collector is replaced meanwhile`, () => {
  test.each(['loki', 'tempo', 'prometheus'])(
    'all that was acknowledged while %s was away is stored once it is back',
    async (store) => {
      const away = (async () => {
        await sleep(around * 1000);
        await scale(store, 0);
        try {
          await sleep((outage / 2) * 1000);
          await kubectl(target, ['delete', 'pod', '--wait=true', 'otel-collector-0']);
          await sleep((outage / 2) * 1000);
        } finally {
          await scale(store, 1);
        }
        await waitForRollout(target, { timeoutSeconds: 180 });
      })();
      const load = { rate, seconds: outage + 2 * around };
      const [{ deliveries }] = await Promise.all([
        verifyDelivery(session, { ...load, patience }),
        away,
      ]);
      process.stdout.write(`${store} away for ${outage} s\n${deliveryTable(deliveries)}\n`);
      for (const signal of signals) {
        expect(deliveries[signal].missing).toBe(0);
        const { sent, acknowledged } = deliveries[signal];
        expect(acknowledged).toBeGreaterThan(0);
        expect(sent - acknowledged).toBeLessThan(rate * collectorAway);
      }
    },
    (outage + patience + 300) * 1000,
  );
});
