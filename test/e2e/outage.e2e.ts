import { attributes } from '../../lib/telemetry/app.ts';
import { collectorMetrics } from '../../lib/telemetry/collector.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { parsePage, sumSamples } from '../../ops/stores/exposition.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { traceById } from '../../ops/stores/tempo.ts';
import { sendTracked, type TrackedRequest } from '../../ops/stores/tracked-request.ts';
import { eventually, session, startCustomers, stopCustomers, withUrls } from './cluster.ts';

const { target } = session;
const stores = ['statefulset/loki', 'statefulset/tempo', 'statefulset/prometheus'];
const count = 20;
const spansEach = 4;
/** The default of OTEL_BSP_SCHEDULE_DELAY. */
const exportDelayMs = 5_000;

const scale = (replicas: number) => kubectl(target, ['scale', `--replicas=${replicas}`, ...stores]);

/** A counter of the collector, from its metrics page because Prometheus is down. */
async function accepted(url: string, metric: string): Promise<number> {
  return sumSamples(parsePage(await fetchText(url, '/metrics')), metric);
}

/** What the collector has accepted, when nothing arrived for twice the export delay of an app. */
async function acceptedWhenQuiet(url: string): Promise<{ logs: number; spans: number }> {
  let last = { logs: 0, spans: 0 };
  let since = Date.now();
  return eventually('the counters to stop increasing', async () => {
    const logs = await accepted(url, collectorMetrics.acceptedLogRecords);
    const spans = await accepted(url, collectorMetrics.acceptedSpans);
    if (logs !== last.logs || spans !== last.spans) since = Date.now();
    last = { logs, spans };
    if (Date.now() - since < 2 * exportDelayMs)
      throw new RetryLater(`${logs} lines, ${spans} spans`);
    return last;
  });
}

async function sendOrderRequests(): Promise<TrackedRequest[]> {
  return withUrls(['shop', 'collectorMetrics'], async ({ shop, collectorMetrics: url }) => {
    // Telemetry of the customers that is still on its way would be counted too.
    const before = await acceptedWhenQuiet(url);
    const sent: TrackedRequest[] = [];
    for (let n = 0; n < count; n++) sent.push(await sendTracked(shop, '/api/orders'));
    const after = await acceptedWhenQuiet(url);
    // Two access log lines and four spans a request, of the shop and of the orders service.
    expect(after.logs - before.logs).toBe(2 * count);
    expect(after.spans - before.spans).toBe(spansEach * count);
    return sent;
  });
}

test('nothing is lost while every store is down and the collector is replaced', async () => {
  await stopCustomers();
  await scale(0);
  let sent: TrackedRequest[];
  try {
    await kubectl(target, [
      'wait',
      '--for=delete',
      'pod/loki-0',
      'pod/tempo-0',
      'pod/prometheus-0',
      // A store may write for a while before it stops.
      '--timeout=120s',
    ]);
    sent = await sendOrderRequests();
    await kubectl(target, ['delete', 'pod', '--wait=true', 'otel-collector-0']);
  } finally {
    await scale(1);
    await startCustomers();
  }
  await waitForRollout(target, { timeoutSeconds: 300 });

  await withUrls(['loki', 'tempo'], async ({ loki, tempo }) => {
    for (const { traceId, sentAt } of sent) {
      await eventually(`trace ${traceId}`, async () => {
        const spans = await traceById(tempo, traceId);
        if (spans.length !== spansEach) throw new RetryLater(`${spans.length} of ${spansEach}`);
      });
      await eventually(`the log lines of trace ${traceId}`, async () => {
        const query = `{${label(attributes.serviceName)}=~".+"} | ${logFields.traceId}="${traceId}"`;
        const lines = await queryLoki(loki, query, sentAt - 60);
        if (lines.length !== 2) throw new RetryLater(`${lines.length} of 2 lines`);
      });
    }
  });
});
