import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { interpolate } from '../../dashboards/panels/panel-queries.ts';
import { selectedServerSpans } from '../../dashboards/panels/red.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { identityAttributes, identityLabels } from '../../lib/telemetry/identity.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { edgeLabels, recordedMetrics, serviceGraph } from '../../lib/telemetry/span-metrics.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';
import { findAlerts } from '../../ops/stores/alertmanager.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { nanoseconds, tracesRequest } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { searchTraces } from '../../ops/stores/tempo.ts';
import { pushLogs } from '../push-logs.ts';
import { eventually, nowSeconds, withUrls } from './cluster.ts';

const service = `same-${randomBytes(4).toString('hex')}`;
/** What the services of this name can differ in, as far as span metrics have it. */
const failing = { [attributes.deploymentEnvironmentName]: 'production' };
/** Services of one name: the requests to the first fail, each other differs from it in one thing. */
const services: readonly Readonly<Record<string, string>>[] = [
  failing,
  ...identityAttributes.map((name) => ({ ...failing, [name]: 'other' })),
];
/** A value for the first of them, and one for all others. */
const firstAndOthers = (first: unknown, others: unknown) =>
  services.map((_, index) => (index === 0 ? first : others));

const labelsOf = (resource: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(resource).map(([name, value]) => [label(name), value]));

const id = (bytes: number) => randomBytes(bytes).toString('hex');

/** A call from another service in the same environment, seen by both. */
async function sendCall(url: string, resource: Readonly<Record<string, string>>, fails: boolean) {
  const [traceId, clientId, at] = [id(16), id(8), Date.now()];
  const times = { startTimeUnixNano: nanoseconds(at - 5), endTimeUnixNano: nanoseconds(at) };
  const client = { traceId, spanId: clientId, name: 'call', kind: 3, ...times };
  const server = {
    ...{ traceId, spanId: id(8), parentSpanId: clientId, name: 'GET /', kind: 2, ...times },
    ...(fails && { status: { code: 2 } }),
  };
  for (const [name, span] of [[`${service}-caller`, client] as const, [service, server] as const]) {
    const body = tracesRequest(name, [span], resource);
    await fetchText(url, '/v1/traces', { method: 'POST', body });
  }
}

let stopped = false;
let sending: Promise<void>;

beforeAll(() => {
  sending = withUrls(['otlpHttp'], async ({ otlpHttp }) => {
    while (!stopped) {
      for (const resource of services) {
        for (let i = 0; i < 3; i += 1) await sendCall(otlpHttp, resource, resource === failing);
        await pushLogs(otlpHttp, {
          ...{ service, resource, severity: 'ERROR', text: 'failed', count: 10 },
          time: new Date(),
        });
      }
      await sleep(5000);
    }
  });
});

afterAll(async () => {
  stopped = true;
  await sending;
});

/** The values of a metric with one series for each of the services. */
const valuesOf = (query: string) =>
  withUrls(['prometheus'], async ({ prometheus }) => {
    const samples = await queryPrometheus(prometheus, query);
    return services.map((resource) => {
      const wanted = labelsOf(resource);
      const found = samples.filter(({ labels }) =>
        identityLabels.every((each) => labels[each] === wanted[each]),
      );
      if (found.length !== 1) throw new RetryLater(`${found.length} of ${query}`);
      return found[0]?.value;
    });
  });

test('recorded rates, errors and burn rates are apart', async () => {
  await eventually('requests', async () => {
    const rates = await valuesOf(`${recordedMetrics.requests}{service="${service}"}`);
    if (rates.some((rate) => !rate)) throw new RetryLater(String(rates));
  });
  await eventually('errors', async () => {
    const errors = await valuesOf(`${recordedMetrics.errors}{service="${service}"}`);
    if (String(errors) !== String(firstAndOthers(1, 0))) throw new RetryLater(String(errors));
  });
  await eventually('burn rates', async () => {
    const query = `max without (window) (${recordedMetrics.sloBurn}{service="${service}", slo="availability"})`;
    const [first = 0, ...others] = await valuesOf(query);
    if (first < 50 || others.some((each) => each !== 0)) throw new RetryLater(String(others));
  });
});

test('the edges of the service graph are apart', () =>
  withUrls(['prometheus'], ({ prometheus }) =>
    eventually('the edges', async () => {
      const edge = [...edgeLabels.client, ...edgeLabels.server];
      const query = `sum by (${edge.join(', ')}) (${serviceGraph.requests}{server="${service}"})`;
      const found = (await queryPrometheus(prometheus, query)).map(({ labels }) => labels);
      if (found.length < services.length) throw new RetryLater(JSON.stringify(found));
      expect(found).toHaveLength(services.length);
      for (const resource of services) {
        const sides = Object.entries(labelsOf(resource)).flatMap(([name, value]) => [
          [`client_${name}`, value],
          [`server_${name}`, value],
        ]);
        expect(found).toContainEqual({
          ...{ client: `${service}-caller`, server: service },
          ...Object.fromEntries(sides),
        });
      }
    }),
  ));

test('TraceQL of the dashboards selects by environment and service namespace', () =>
  withUrls(['tempo'], async ({ tempo }) => {
    const count = async (selected: Readonly<Record<string, string>>) => {
      const query = interpolate(`{ ${selectedServerSpans} }`, { service, ...selected });
      const range = { start: nowSeconds() - 600, end: nowSeconds() };
      return (await searchTraces(tempo, query, range)).length;
    };
    await eventually('traces', async () => {
      const selections: readonly Readonly<Record<string, string>>[] = [
        {},
        { environment: 'other' },
        { environment: 'production', service_namespace: 'other' },
      ];
      for (const selected of selections) {
        if ((await count(selected)) === 0) throw new RetryLater(JSON.stringify(selected));
      }
    });
    expect(await count({ environment: 'other', service_namespace: 'other' })).toBe(0);
    expect(await count({ environment: 'nowhere' })).toBe(0);
  }));

const patient = { timeoutSeconds: 600, intervalMs: 5000 };

test('only the failing one burns its error budget, and its alert names the environment', () =>
  withUrls(['alertmanager'], async ({ alertmanager }) => {
    const own = await retryUntil(
      'ErrorBudgetBurnFast',
      async () => {
        const found = await findAlerts(alertmanager, 'ErrorBudgetBurnFast');
        const burning = found.filter(({ labels }) => labels.service === service);
        if (burning.length === 0) throw new RetryLater('none');
        return burning;
      },
      patient,
    );
    expect(own.map(({ labels }) => labels)).toEqual([
      expect.objectContaining({ ...labelsOf(failing), slo: 'availability' }),
    ]);
    expect(own[0]?.labels).not.toHaveProperty(label(attributes.serviceNamespace));
    expect(own[0]?.annotations.summary).toBe(
      `${service} in production will miss its objective for availability`,
    );
    expect(own[0]?.annotations.dashboard_url).toContain(
      `?var-service=${service}&var-environment=production&viewPanel=`,
    );
  }));

test('a critical alert inhibits the warnings of its own service only', () =>
  withUrls(['alertmanager'], ({ alertmanager }) =>
    retryUntil(
      'ErrorLogBurst of each service',
      async () => {
        const found = await findAlerts(alertmanager, 'ErrorLogBurst');
        const inhibited = services.map((resource) => {
          const wanted = labelsOf(resource);
          const [own] = found.filter(
            ({ labels }) =>
              labels.service === service &&
              identityLabels.every((each) => labels[each] === wanted[each]),
          );
          return own && own.status.inhibitedBy.length > 0;
        });
        if (String(inhibited) !== String(firstAndOthers(true, false))) {
          throw new RetryLater(String(inhibited));
        }
      },
      patient,
    ),
  ));
