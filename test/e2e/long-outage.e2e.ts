import { setTimeout as sleep } from 'node:timers/promises';
import { itemTypes } from '../../bench/delivery/numbered-batch.ts';
import { deliveryTable, verifyDelivery } from '../../bench/delivery/verify.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { parseSeconds } from '../../ops/process/duration.ts';
import { session } from './cluster.ts';

const { target } = session;
const { OUTAGE } = process.env;
const outage = parseSeconds('OUTAGE', OUTAGE || '10m');
/** The time for the collector to send its queue; its longest pause between retries is 30 s. */
const waitSeconds = 600;
const marginSeconds = 15;
const rate = 20;
/** How long a replacement of the collector takes at most; nothing is acknowledged meanwhile. */
const replacementSeconds = 60;

const scale = (store: string, replicas: number) =>
  kubectl(target, ['scale', `--replicas=${replicas}`, `statefulset/${store}`]);

const onRequest = OUTAGE ? describe : describe.skip;

onRequest(`a store is down for ${outage} s, and the collector is replaced meanwhile`, () => {
  test.each(['loki', 'tempo', 'prometheus'])(
    'all telemetry acknowledged while %s is down is stored afterwards',
    async (store) => {
      const away = (async () => {
        await sleep(marginSeconds * 1000);
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
      const load = { rate, seconds: outage + 2 * marginSeconds };
      const [{ deliveries }] = await Promise.all([
        verifyDelivery(session, { ...load, waitSeconds }),
        away,
      ]);
      process.stdout.write(`${store} down for ${outage} s\n${deliveryTable(deliveries)}\n`);
      for (const type of itemTypes) {
        expect(deliveries[type].missing).toBe(0);
        const { sent, acknowledged } = deliveries[type];
        expect(acknowledged).toBeGreaterThan(0);
        expect(sent - acknowledged).toBeLessThan(rate * replacementSeconds);
      }
    },
    (outage + waitSeconds + 300) * 1000,
  );
});
