import { randomBytes } from 'node:crypto';
import { attributes } from '../../lib/telemetry/app.ts';
import { logCounts, maxEndpointCounts } from '../../lib/telemetry/log-counts.ts';
import { logFields, mayHaveErrors, severityAttribute } from '../../lib/telemetry/logs.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { countLoki, queryLoki } from '../../ops/stores/loki.ts';
import { keyValues, logsRequest, severity } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, nowSeconds, withUrls } from './cluster.ts';

/** Of its own, so that earlier runs are not counted. */
const service = `e2e-log-counts-${randomBytes(3).toString('hex')}`;
const routes = 3 * maxEndpointCounts;
const errors = 2;
const time = Date.now();

/** Lines of two levels: few errors of one endpoint, and more lines of each of many others. */
const lines = [
  ...Array.from({ length: errors }, () => ({ level: 'ERROR' as const, route: '/api/orders' })),
  ...Array.from({ length: 3 * routes }, (_, n) => ({
    level: 'INFO' as const,
    route: `/users/${n % routes}`,
  })),
].map(({ level, route }, number) => ({
  timeUnixNano: `${time}${String(number).padStart(6, '0')}`,
  ...severity(level),
  body: { stringValue: `${level} ${number}` },
  attributes: keyValues({ [attributes.httpRoute]: route }),
}));

beforeAll(() =>
  withUrls(['otlpHttp'], ({ otlpHttp }) =>
    fetchText(otlpHttp, '/v1/logs', { method: 'POST', body: logsRequest(service, lines) }),
  ),
);

/** The sums of a count in the last ten minutes, by some labels. */
const countsOf = (metric: string, ...by: readonly string[]) =>
  withUrls(['prometheus'], ({ prometheus }) =>
    eventually('the counts', async () => {
      const selector = `${metric}{${label(attributes.serviceName)}="${service}"}`;
      const query = `sum by (${by.join(', ')}) (sum_over_time(${selector}[10m]))`;
      const found = await queryPrometheus(prometheus, query);
      if (found.length === 0) throw new RetryLater(metric);
      return found;
    }),
  );

test('each line is counted once, by level', async () => {
  const found = await countsOf(logCounts.byService, logFields.detectedLevel);
  expect(
    Object.fromEntries(found.map(({ labels, value }) => [labels[logFields.detectedLevel], value])),
  ).toEqual({ error: errors, info: 3 * routes });
});

test('of many endpoints those with the most lines of a level are counted', async () => {
  const found = await countsOf(logCounts.byEndpoint, label(attributes.httpRoute));
  expect(found).toHaveLength(maxEndpointCounts + 1);
  expect(found).toContainEqual({
    labels: { [label(attributes.httpRoute)]: '/api/orders' },
    value: errors,
  });
});

/** The lines in streams with these labels, whatever their structured metadata. */
const linesOf = (service: string, matcher: string) =>
  withUrls(['loki'], ({ loki }) =>
    eventually('the lines', async () => {
      const selector = `{${label(attributes.serviceName)}="${service}", ${matcher}}`;
      const found = await countLoki(loki, `sum(count_over_time(${selector} [10m]))`, nowSeconds());
      if (found === 0) throw new RetryLater(selector);
      return found;
    }),
  );

test('the level is an index label, by which errors are found without reading other lines', async () => {
  expect(await linesOf(service, mayHaveErrors)).toBe(errors);
  expect(await linesOf(service, `${label(severityAttribute)}="info"`)).toBe(3 * routes);
});

test('a sender cannot choose the index label, and a line without a severity has none', async () => {
  const sender = `${service}-own`;
  const [line] = lines;
  const unknown = { timeUnixNano: line?.timeUnixNano, body: { stringValue: 'unknown' } };
  const own = { [severityAttribute]: 'chosen' };
  const records = [
    line ?? {},
    unknown,
    { ...unknown, body: line?.body, attributes: keyValues(own) },
  ];
  const request = logsRequest(sender, records, own);
  await withUrls(['otlpHttp'], ({ otlpHttp }) =>
    fetchText(otlpHttp, '/v1/logs', { method: 'POST', body: request }),
  );
  expect(await linesOf(sender, `${label(severityAttribute)}="error"`)).toBe(1);
  expect(await linesOf(sender, `${label(severityAttribute)}=""`)).toBe(2);
});

test('lines of scopes that differ only in their attributes keep their own', async () => {
  const sender = `${service}-scopes`;
  const scopeLogs = ['a', 'b'].map((name) => ({
    scope: { name: 'e2e', attributes: keyValues({ part: name }) },
    logRecords: [{ ...lines[0], body: { stringValue: name } }],
  }));
  const request = logsRequest(sender, []);
  const body = { resourceLogs: request.resourceLogs.map((each) => ({ ...each, scopeLogs })) };
  await withUrls(['otlpHttp', 'loki'], async ({ otlpHttp, loki }) => {
    await fetchText(otlpHttp, '/v1/logs', { method: 'POST', body });
    const stored = await eventually('both lines', async () => {
      const query = `{${label(attributes.serviceName)}="${sender}"}`;
      const found = await queryLoki(loki, query, nowSeconds() - 600);
      if (found.length < 2) throw new RetryLater(`${found.length} lines`);
      return found;
    });
    expect(stored.map(({ line, fields }) => [line, fields.part]).sort()).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });
});
