import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createDashboard, deleteDashboard } from '../../bench/drill/dashboards.ts';
import { createSilence, expireSilence } from '../../bench/drill/silences.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import { takeSnapshot } from '../../ops/cluster/workloads.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { authHeaders } from '../../ops/stores/grafana.ts';
import { fetchJson } from '../../ops/stores/http.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { traceById } from '../../ops/stores/tempo.ts';
import { sendTracked } from '../../ops/stores/tracked-request.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';
import { silenceState } from './silence.ts';

const { target } = session;
const stores = ['prometheus', 'loki', 'tempo', 'grafana', 'alertmanager'] as const;

const dashboardSchema = z.object({ dashboard: z.object({ title: z.string() }) });
const orderSchema = z.object({ id: z.string(), status: z.string() });

async function placeOrder(shop: string): Promise<string> {
  const body = { userId: '1', items: [{ product: 'mug', quantity: 1 }] };
  return (await fetchJson(shop, '/api/orders', orderSchema, { method: 'POST', body })).id;
}

test('all data is still there after every pod with a volume was replaced', async () => {
  const uid = `e2e-${randomUUID().slice(0, 8)}`;
  const login = await readAdminLogin(target);

  const [sent, orderId] = await withUrls(['shop'], async ({ shop }) => [
    await sendTracked(shop, '/api/orders'),
    await placeOrder(shop),
  ]);
  const logQuery = `{${label(attributes.serviceName)}="shop"} | ${logFields.traceId}="${sent.traceId}"`;

  const before = await withUrls(stores, async (urls) => {
    const trace = await eventually('the trace', async () => {
      const spans = await traceById(urls.tempo, sent.traceId);
      if (spans.length < 4) throw new RetryLater(`${spans.length} spans`);
      return spans;
    });
    const lines = await eventually('the log line', async () => {
      const found = await queryLoki(urls.loki, logQuery, sent.sentAt - 60);
      if (found.length === 0) throw new RetryLater('no line');
      return found;
    });
    const at = Math.floor(nowSeconds()) - 20;
    const samples = await queryPrometheus(urls.prometheus, 'up', at);
    expect(samples.length).toBeGreaterThan(0);
    await createDashboard({ url: urls.grafana, login }, uid, uid);
    const silence = await createSilence(urls.alertmanager, uid);
    return { trace, lines, at, samples, silence };
  });

  const { workloads } = await takeSnapshot(target);
  const stateful = workloads.filter(({ kind }) => kind === 'StatefulSet');
  expect(stateful.length).toBe(7);
  const pods = stateful.map(({ metadata }) => `${metadata.name}-0`);
  await kubectl(target, ['delete', 'pod', '--wait=true', ...pods]);
  await waitForRollout(target, { timeoutSeconds: 300 });

  await withUrls([...stores, 'shop'], async (urls) => {
    const order = await fetchJson(urls.shop, `/api/orders/${orderId}`, orderSchema);
    expect(order).toEqual({ id: orderId, status: expect.stringMatching(/paid|fulfilled/) });
    const sorted = <T>(items: readonly T[]) => items.map((item) => JSON.stringify(item)).sort();
    await eventually('the same trace', async () => {
      const spans = await traceById(urls.tempo, sent.traceId);
      expect(sorted(spans)).toEqual(sorted(before.trace));
    });
    await eventually('the same log line', async () => {
      const lines = await queryLoki(urls.loki, logQuery, sent.sentAt - 60);
      expect(sorted(lines)).toEqual(sorted(before.lines));
    });
    const samples = await queryPrometheus(urls.prometheus, 'up', before.at);
    expect(sorted(samples)).toEqual(sorted(before.samples));
    const request = { headers: authHeaders({ login }) };
    const path = `/api/dashboards/uid/${uid}`;
    const { dashboard } = await fetchJson(urls.grafana, path, dashboardSchema, request);
    expect(dashboard.title).toBe(uid);
    expect(await silenceState(urls.alertmanager, before.silence)).toBe('active');
    await deleteDashboard({ url: urls.grafana, login }, uid);
    await expireSilence(urls.alertmanager, before.silence);
  });
});

test('the running app sends to the new collector', () =>
  withUrls(['shop', 'tempo'], async ({ shop, tempo }) => {
    const sent = await sendTracked(shop, '/api/orders');
    await eventually('its trace', async () => {
      if ((await traceById(tempo, sent.traceId)).length === 0) throw new RetryLater('no trace');
    });
  }));
