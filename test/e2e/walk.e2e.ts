import { countResults } from '../../bench/dashboards/panel-query.ts';
import { exampleQueries } from '../../dashboards/examples.ts';
import { datasources, spanMark } from '../../lib/grafana/datasources.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { exemplarTraceLabel, spanMetrics } from '../../lib/telemetry/span-metrics.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { queryExemplars, queryPrometheus } from '../../ops/stores/prometheus.ts';
import { traceById } from '../../ops/stores/tempo.ts';
import { sendTracked } from '../../ops/stores/tracked-request.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';

/** A provisioned datasource of Grafana with its links. */
interface Provisioned {
  readonly uid: string;
  readonly jsonData: {
    readonly derivedFields?: readonly { readonly matcherRegex: string }[];
    readonly tracesToLogsV2?: { readonly query: string };
    readonly tracesToMetrics?: { readonly queries: readonly { name: string; query: string }[] };
  };
}

const provisioned = datasources({ prometheus: '', loki: '', tempo: '', alertmanager: '' })
  .datasources as readonly Provisioned[];
const linksOf = (uid: string) => {
  const found = provisioned.find((datasource) => datasource.uid === uid);
  if (found === undefined) throw new Error(`no datasource ${uid}`);
  return found.jsonData;
};

const order = { userId: '1', items: [{ product: 'press', quantity: 1 }] };
const served = `${spanMetrics.service}="shop", ${spanMetrics.spanName}="POST /api/orders", ${spanMetrics.spanKind}="${spanMetrics.server}"`;

/** Expands a query of a link as Grafana does; provisioning files write `${name}` as `$${name}`. */
const expandQuery = (query: string, values: Readonly<Record<string, string>>) =>
  query.replace(/\$+\{([\w.]+)\}/g, (_, name: string) => values[name] ?? '');

test('the links lead from an exemplar to its trace, to its logs, back to the trace, and to the metrics of the span', () =>
  withUrls(['shop', 'prometheus', 'loki', 'tempo'], async (urls) => {
    const spans = await eventually('an exemplar of an order', async () => {
      await sendTracked(urls.shop, '/api/orders', { method: 'POST', body: order });
      const range = { start: nowSeconds() - 300, end: nowSeconds() };
      const query = `${spanMetrics.latencyBucket}{${served}}`;
      const exemplar = (await queryExemplars(urls.prometheus, query, range)).at(-1);
      const traceId = exemplar?.[exemplarTraceLabel];
      if (traceId === undefined) throw new RetryLater('none');
      const found = await traceById(urls.tempo, traceId);
      if (found.length === 0) throw new RetryLater(`no trace ${traceId}`);
      return found.map((span) => ({ ...span, traceId }));
    });
    const span = spans.find(
      ({ service, name }) => service === 'shop' && name === 'POST /api/orders',
    );
    if (span === undefined) throw new Error('the exemplar is not of an order');

    const toLogs = linksOf('tempo').tracesToLogsV2?.query ?? '';
    const logQuery = expandQuery(toLogs, {
      __tags: `${label(attributes.serviceName)}="${span.service}"`,
      '__trace.traceId': span.traceId,
      '__span.spanId': span.id,
    });
    const lines = await eventually('its log lines', async () => {
      const found = await queryLoki(urls.loki, logQuery, nowSeconds() - 600);
      if (found.length === 0) throw new RetryLater(logQuery);
      return found;
    });

    // The derived field of the Loki datasource links the trace.
    const [derived] = linksOf('loki').derivedFields ?? [];
    for (const { fields } of lines) {
      expect(fields[derived?.matcherRegex ?? '']).toBe(span.traceId);
    }
    const marked = lines.filter(({ line }) => line.startsWith(spanMark));
    expect(marked).not.toEqual([]);
    for (const { fields } of marked) expect(fields[logFields.spanId]).toBe(span.id);

    for (const { name, query } of linksOf('tempo').tracesToMetrics?.queries ?? []) {
      if (name === 'Error rate') continue; // Empty for an endpoint without errors.
      const metricQuery = expandQuery(query, { __tags: served });
      await eventually(`${name} of the span`, async () => {
        const found = await queryPrometheus(urls.prometheus, metricQuery);
        if (found.length === 0) throw new RetryLater(metricQuery);
      });
    }
  }));

const uids = { PromQL: 'prometheus', LogQL: 'loki', TraceQL: 'tempo' } as const;
const login = readAdminLogin(session.target);

test.each(exampleQueries)('docs/queries.md: "$task" has a result', ({ language, query, task }) =>
  withUrls(['shop', 'grafana'], async ({ shop, grafana: url }) => {
    // Sent once: the log lines of a new trace would not arrive within one attempt.
    const sent = await sendTracked(shop, '/api/orders');
    await eventually('data', async () => {
      await sendTracked(shop, '/api/orders');
      await sendTracked(shop, '/api/error');
      await sendTracked(shop, '/api/slow?ms=600');
      const panelQuery = {
        dashboard: '',
        panel: task,
        refId: 'A',
        datasource: uids[language],
        text: query.replace('…', sent.traceId),
        instant: language === 'PromQL',
        metrics: language === 'TraceQL' && query.includes('|'),
        interval: 15,
      };
      if ((await countResults({ url, login: await login }, panelQuery)) === 0)
        throw new RetryLater('nothing');
    });
  }),
);
