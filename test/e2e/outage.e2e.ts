import { attributes } from '../../lib/telemetry/app.ts';
import { collectorMetrics } from '../../lib/telemetry/collector.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { NotYet } from '../../ops/process/retry.ts';
import { parsePage, sumOf } from '../../ops/stores/exposition.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { traceById } from '../../ops/stores/tempo.ts';
import { sendTracked, type TrackedRequest } from '../../ops/stores/tracked-request.ts';
import { eventually, session, withCustomers, withoutCustomers, withUrls } from './cluster.ts';

const { target } = session;
const stores = ['statefulset/loki', 'statefulset/tempo', 'statefulset/prometheus'];
const count = 20;
const spansEach = 4;
/** OTEL_BSP_SCHEDULE_DELAY, as OpenTelemetry has it by default. */
const exportDelayMs = 5_000;

const scale = (replicas: number) => kubectl(target, ['scale', `--replicas=${replicas}`, ...stores]);

/** A counter of the collector, read from its own page because Prometheus is away. */
async function accepted(url: string, metric: string): Promise<number> {
  return sumOf(parsePage(await fetchText(url, '/metrics')), metric);
}

/** What the collector has accepted, once nothing more arrived for twice an app's export delay. */
async function acceptedWhenQuiet(url: string): Promise<{ logs: number; spans: number }> {
  let last = { logs: 0, spans: 0 };
  let since = Date.now();
  return eventually('telemetry to come to rest', async () => {
    const logs = await accepted(url, collectorMetrics.acceptedLogRecords);
    const spans = await accepted(url, collectorMetrics.acceptedSpans);
    if (logs !== last.logs || spans !== last.spans) since = Date.now();
    last = { logs, spans };
    if (Date.now() - since < 2 * exportDelayMs) throw new NotYet(`${logs} lines, ${spans} spans`);
    return last;
  });
}

async function requests(): Promise<TrackedRequest[]> {
  return withUrls(['shop', 'collectorMetrics'], async ({ shop, collectorMetrics: url }) => {
    // What the customers left behind would be counted too.
    const before = await acceptedWhenQuiet(url);
    const sent: TrackedRequest[] = [];
    for (let n = 0; n < count; n++) sent.push(await sendTracked(shop, '/api/orders'));
    const after = await acceptedWhenQuiet(url);
    // Two access lines and four spans a request: the shop's and those of the orders service.
    expect(after.logs - before.logs).toBe(2 * count);
    expect(after.spans - before.spans).toBe(spansEach * count);
    return sent;
  });
}

test('nothing is lost when every store is away and the collector is replaced meanwhile', async () => {
  await withoutCustomers();
  await scale(0);
  let sent: TrackedRequest[];
  try {
    await kubectl(target, [
      'wait',
      '--for=delete',
      'pod/loki-0',
      'pod/tempo-0',
      'pod/prometheus-0',
      // A store may write for a while before it goes.
      '--timeout=120s',
    ]);
    sent = await requests();
    await kubectl(target, ['delete', 'pod', '--wait=true', 'otel-collector-0']);
  } finally {
    await scale(1);
    await withCustomers();
  }
  await waitForRollout(target, { timeoutSeconds: 300 });

  await withUrls(['loki', 'tempo'], async ({ loki, tempo }) => {
    for (const { traceId, sentAt } of sent) {
      await eventually(`trace ${traceId}`, async () => {
        const spans = await traceById(tempo, traceId);
        if (spans.length !== spansEach) throw new NotYet(`${spans.length} of ${spansEach}`);
      });
      await eventually(`the log lines of trace ${traceId}`, async () => {
        const query = `{${label(attributes.serviceName)}=~".+"} | ${logFields.traceId}="${traceId}"`;
        const lines = await queryLoki(loki, query, sentAt - 60);
        if (lines.length !== 2) throw new NotYet(`${lines.length} of 2 lines`);
      });
    }
  });
});
