import { attributes, collectorMetrics, label, logFields } from '../../lib/telemetry.ts';
import { kubectl } from '../../ops/kubectl.ts';
import { waitForRollout } from '../../ops/rollout.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { traceById } from '../../ops/stores/tempo.ts';
import { sendTracked, type TrackedRequest } from '../../ops/tracked-request.ts';
import { NotYet } from '../../ops/until.ts';
import { eventually, session, withCustomers, withoutCustomers, withUrls } from './cluster.ts';

const { target } = session;
const stores = ['statefulset/loki', 'statefulset/tempo', 'statefulset/prometheus'];
const count = 20;
const spansEach = 4;

const scale = (replicas: number) => kubectl(target, ['scale', `--replicas=${replicas}`, ...stores]);

/** A counter of the collector, read from its own page because Prometheus is away. */
async function accepted(url: string, metric: string): Promise<number> {
  const lines = (await fetchText(url, '/metrics')).split('\n');
  const values = lines
    .filter((line) => line.startsWith(`${metric}{`))
    .map((line) => line.split(' '));
  return values.reduce((sum, parts) => sum + Number(parts.at(-1)), 0);
}

async function requests(): Promise<TrackedRequest[]> {
  const { acceptedLogRecords, acceptedSpans } = collectorMetrics;
  return withUrls(['shop', 'collectorMetrics'], async ({ shop, collectorMetrics: url }) => {
    const [logs, spans] = [
      await accepted(url, acceptedLogRecords),
      await accepted(url, acceptedSpans),
    ];
    const sent: TrackedRequest[] = [];
    for (let n = 0; n < count; n++) sent.push(await sendTracked(shop, '/api/orders'));
    await eventually('the collector to have taken all of it', async () => {
      // Two access lines and four spans a request: the shop's and those of the orders service.
      const more = (await accepted(url, acceptedLogRecords)) - logs;
      const moreSpans = (await accepted(url, acceptedSpans)) - spans;
      if (more < 2 * count || moreSpans < spansEach * count)
        throw new NotYet(`${more}, ${moreSpans}`);
    });
    return sent;
  });
}

test('nothing is lost when every store is away and the collector is replaced meanwhile', async () => {
  // Others would be counted too.
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
