import { examples } from '../../dashboards/examples.ts';
import { datasources, spanMark } from '../../lib/grafana/datasources.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { exemplarTraceLabel, spanMetrics } from '../../lib/telemetry/span-metrics.ts';
import { readLogin } from '../../ops/cluster/secret.ts';
import { NotYet } from '../../ops/process/retry.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { queryExemplars, queryPrometheus } from '../../ops/stores/prometheus.ts';
import { traceById } from '../../ops/stores/tempo.ts';
import { sendTracked } from '../../ops/stores/tracked-request.ts';
import { ask } from './ask.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';

/** What Grafana is told about its datasources, links included. */
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

/** A query of a link as Grafana fills it in: `$${name}` is how provisioning files spell `${name}`. */
const fill = (query: string, values: Readonly<Record<string, string>>) =>
  query.replace(/\$+\{([\w.]+)\}/g, (_, name: string) => values[name] ?? '');

test('one walks from an exemplar to its trace, to its log lines, back to the trace, and to the metrics of its span', () =>
  withUrls(['shop', 'prometheus', 'loki', 'tempo'], async (urls) => {
    const spans = await eventually('an exemplar of an order', async () => {
      await sendTracked(urls.shop, '/api/orders', { method: 'POST', body: order });
      const range = { start: nowSeconds() - 300, end: nowSeconds() };
      const query = `${spanMetrics.latencyBucket}{${served}}`;
      const exemplar = (await queryExemplars(urls.prometheus, query, range)).at(-1);
      const traceId = exemplar?.[exemplarTraceLabel];
      if (traceId === undefined) throw new NotYet('none');
      const found = await traceById(urls.tempo, traceId);
      if (found.length === 0) throw new NotYet(`no trace ${traceId}`);
      return found.map((span) => ({ ...span, traceId }));
    });
    const span = spans.find(
      ({ service, name }) => service === 'shop' && name === 'POST /api/orders',
    );
    if (span === undefined) throw new Error('the exemplar is not of an order');

    const toLogs = linksOf('tempo').tracesToLogsV2?.query ?? '';
    const logQuery = fill(toLogs, {
      __tags: `${label(attributes.serviceName)}="${span.service}"`,
      '__trace.traceId': span.traceId,
      '__span.spanId': span.id,
    });
    const lines = await eventually('its log lines', async () => {
      const found = await queryLoki(urls.loki, logQuery, nowSeconds() - 600);
      if (found.length === 0) throw new NotYet(logQuery);
      return found;
    });

    // Loki's datasource makes a link of the field by this name.
    const [derived] = linksOf('loki').derivedFields ?? [];
    for (const { fields } of lines) {
      expect(fields[derived?.matcherRegex ?? '']).toBe(span.traceId);
    }
    const marked = lines.filter(({ line }) => line.startsWith(spanMark));
    expect(marked).not.toEqual([]);
    for (const { fields } of marked) expect(fields[logFields.spanId]).toBe(span.id);

    for (const { name, query } of linksOf('tempo').tracesToMetrics?.queries ?? []) {
      if (name === 'Error rate') continue; // Rightly empty for an endpoint that does not fail.
      const metricQuery = fill(query, { __tags: served });
      await eventually(`${name} of the span`, async () => {
        const found = await queryPrometheus(urls.prometheus, metricQuery);
        if (found.length === 0) throw new NotYet(metricQuery);
      });
    }
  }));

const uids = { PromQL: 'prometheus', LogQL: 'loki', TraceQL: 'tempo' } as const;
const login = readLogin(session.target);

test.each(examples)('docs/queries.md: "$task" finds something', ({ language, query, task }) =>
  withUrls(['shop', 'grafana'], async ({ shop, grafana: url }) => {
    // Once, as a trace of each attempt's own would never have its lines in time.
    const sent = await sendTracked(shop, '/api/orders');
    await eventually('data', async () => {
      await sendTracked(shop, '/api/orders');
      await sendTracked(shop, '/api/error');
      await sendTracked(shop, '/api/slow?ms=600');
      const asked = {
        dashboard: '',
        panel: task,
        refId: 'A',
        datasource: uids[language],
        text: query.replace('…', sent.traceId),
        instant: language === 'PromQL',
        metrics: language === 'TraceQL' && query.includes('|'),
      };
      if ((await ask({ url, login: await login }, asked)) === 0) throw new NotYet('nothing');
    });
  }),
);
