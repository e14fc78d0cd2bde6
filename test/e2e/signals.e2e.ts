import { attributes, httpMetrics } from '../../lib/telemetry/app.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label, prometheusName } from '../../lib/telemetry/metric.ts';
import { exemplarTraceLabel, spanMetrics } from '../../lib/telemetry/span-metrics.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { queryExemplars, queryPrometheus, type Sample } from '../../ops/stores/prometheus.ts';
import { type Span, searchTraces, traceById } from '../../ops/stores/tempo.ts';
import { sendTracked } from '../../ops/stores/tracked-request.ts';
import { eventually, nowSeconds, withUrls } from './cluster.ts';

const service = label(attributes.serviceName);
const order = { userId: '1', items: [{ product: 'tea', quantity: 2 }] };

/** One access log line a request and the lines of the services; duplicates would mean two log pipelines. */
const orderLines = [
  'inventory: POST /api/reservations 200',
  'orders: GET /api/users/1 200',
  'orders: POST /api/orders 201',
  'orders: order placed',
  'payments: POST /api/payments 200',
  'payments: payment authorized',
  'shop: POST /api/orders 201',
];
/** A line of the inventory, and one of the orders service if the product was not in the cache. */
const ofCache = ['inventory: cache products: hit of tea', 'inventory: cache products: miss of tea'];
const cacheMiss = 'orders: GET /api/products/tea 200';

/** Whether any series is new or has increased; a sum would drop when the series of an old pod ends. */
function anyIncreased(before: readonly Sample[], now: readonly Sample[]): boolean {
  const key = ({ labels }: Sample) => JSON.stringify(Object.entries(labels).sort());
  const old = new Map(before.map((sample) => [key(sample), sample.value]));
  return now.some((sample) => sample.value > (old.get(key(sample)) ?? 0));
}

/** The server spans of a placed order: the shop's and the one of the orders service. */
function serverSpans(spans: readonly Span[]): { shop: Span; orders: Span } {
  const find = (name: string) =>
    spans.find(
      (span) =>
        span.service === name &&
        span.kind === spanMetrics.server &&
        span.name === 'POST /api/orders',
    );
  const [shop, orders] = [find('shop'), find('orders')];
  if (shop === undefined || orders === undefined) throw new RetryLater(`${spans.length} spans`);
  return { shop, orders };
}

test('a placed order is found as a metric, a log line and a trace', () =>
  withUrls(['shop', 'prometheus', 'loki', 'tempo'], async (urls) => {
    const counted =
      `${prometheusName(httpMetrics.serverDuration)}_count{${service}="shop",` +
      `${label(attributes.httpRoute)}="/api/orders",${label(attributes.httpRequestMethod)}="POST"}`;
    const before = await queryPrometheus(urls.prometheus, counted);
    const sent = await sendTracked(urls.shop, '/api/orders', { method: 'POST', body: order });
    expect(sent.status).toBe(201);

    const spans = await eventually('the trace of the order', async () => {
      const found = await traceById(urls.tempo, sent.traceId);
      serverSpans(found);
      return found;
    });
    const { shop, orders } = serverSpans(spans);
    expect(shop.name).toBe('POST /api/orders');
    expect(shop.parentId).toBe(sent.parentId);
    const client = spans.find(({ id }) => id === orders.parentId);
    expect(client).toMatchObject({ service: 'shop', kind: 'SPAN_KIND_CLIENT' });

    const lines = await eventually('the log lines of the order', async () => {
      const query = `{${service}=~".+"} | ${logFields.traceId}="${sent.traceId}"`;
      const found = await queryLoki(urls.loki, query, sent.sentAt - 60);
      if (found.length <= orderLines.length) throw new RetryLater(`${found.length} lines`);
      return found;
    });
    const seen = lines.map(({ line, fields }) => `${fields[service]}: ${line}`).sort();
    const others = seen.filter((line) => line !== cacheMiss && !ofCache.includes(line));
    expect(others).toEqual(orderLines);
    expect(seen.filter((line) => ofCache.includes(line))).toHaveLength(1);
    for (const { fields } of lines) {
      expect(fields).toMatchObject({ [label(attributes.userId)]: order.userId });
    }
    const access = lines.find(({ fields }) => fields[service] === 'shop');
    expect(access?.fields).toMatchObject({
      [logFields.spanId]: shop.id,
      [label(attributes.userId)]: order.userId,
      [label(attributes.k8sClusterName)]: expect.any(String),
    });

    await eventually('the count of orders', async () => {
      if (!anyIncreased(before, await queryPrometheus(urls.prometheus, counted)))
        throw new RetryLater('');
    });
  }));

test('a search finds a new trace within seconds', () =>
  withUrls(['shop', 'tempo'], async ({ shop, tempo }) => {
    const sent = await sendTracked(shop, '/api/users/1');
    const query = `{ resource.service.name = "shop" && span.http.route = "/api/users/:id" }`;
    await eventually('the trace in a search', async () => {
      const range = { start: sent.sentAt - 60, end: nowSeconds() + 60 };
      const found = await searchTraces(tempo, query, range);
      if (!found.includes(sent.traceId)) throw new RetryLater(`${found.length} others`);
    });
  }));

test('an exemplar of a latency leads to its trace', () =>
  withUrls(['shop', 'prometheus', 'tempo'], async ({ shop, prometheus, tempo }) => {
    const spans = await eventually('an exemplar with a trace', async () => {
      await sendTracked(shop, '/api/orders');
      const query = `${spanMetrics.latencyBucket}{${spanMetrics.service}="shop"}`;
      const range = { start: nowSeconds() - 900, end: nowSeconds() };
      const newest = (await queryExemplars(prometheus, query, range)).at(-1);
      const found = await traceById(tempo, newest?.[exemplarTraceLabel] ?? '0');
      if (found.length === 0) throw new RetryLater(`exemplar ${JSON.stringify(newest)}`);
      return found;
    });
    expect(spans.map(({ service: name }) => name)).toContain('shop');
  }));
