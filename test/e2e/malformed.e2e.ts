import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { itemTypes } from '../../bench/delivery/numbered-batch.ts';
import { deliveryTable, verifyDelivery } from '../../bench/delivery/verify.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { collectorMetrics } from '../../lib/telemetry/collector.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { kubectlJson } from '../../ops/cluster/kubectl.ts';
import { mantisSelector, podSchema, restartsOf } from '../../ops/cluster/pods.ts';
import { formatTable } from '../../ops/process/output.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import {
  internalSpan,
  keyValues,
  logsRequest,
  metricsRequest,
  nanoseconds,
  tracesRequest,
} from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { traceById } from '../../ops/stores/tempo.ts';
import { newTraceContext } from '../../ops/stores/tracked-request.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';

const day = 86_400;
const nano = (seconds: number) => nanoseconds(Math.round(seconds * 1000));
const service = 'e2e-malformed';
const run = randomBytes(4).toString('hex');

const line = (body: string, at: number) =>
  logsRequest(service, [{ timeUnixNano: nano(at), body: { stringValue: body } }]);
const gauge = (name: string, dataPoints: readonly object[]) =>
  metricsRequest(service, [{ name, gauge: { dataPoints } }]);
const point = (at: number, value: number | string, id = '') => ({
  timeUnixNano: nano(at),
  asDouble: value,
  attributes: keyValues({ id }),
});
const span = (traceId: string, at: number, extra: Readonly<Record<string, string>> = {}) =>
  tracesRequest(service, [
    {
      ...{ traceId, spanId: '00000000000000aa', name: 'malformed', kind: internalSpan },
      startTimeUnixNano: nano(at),
      endTimeUnixNano: nano(at + 0.001),
      attributes: keyValues(extra),
    },
  ]);

/** A log record in protobuf whose body is not valid UTF-8. */
function brokenText(): Uint8Array<ArrayBuffer> {
  const field = (number: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  const time = Buffer.alloc(9);
  time[0] = (1 << 3) | 1;
  time.writeBigUInt64LE(BigInt(nano(nowSeconds())), 1);
  const body = Buffer.concat([Buffer.from(`broken ${run} `), Buffer.from([0xff, 0xfe])]);
  const record = Buffer.concat([time, field(5, field(1, body))]);
  return new Uint8Array(
    field(1, Buffer.concat([field(1, Buffer.alloc(0)), field(2, field(2, record))])),
  );
}

interface Case {
  readonly what: string;
  readonly path: '/v1/logs' | '/v1/metrics' | '/v1/traces';
  readonly body: () => string | Uint8Array<ArrayBuffer> | object;
  readonly contentType?: string;
  /** The expected status of the response. */
  readonly status: number;
  /** A query of a counter that increases when the item is discarded. */
  readonly counted?: string;
  /** Whether the item is stored. */
  readonly kept?: (urls: { loki: string; prometheus: string; tempo: string }) => Promise<boolean>;
}

const failed = (metric: string) => `sum(${metric})`;
const bigTrace = newTraceContext().traceId;
const found =
  (what: string) =>
  async ({ loki }: { loki: string }) => {
    const query = `{${label(attributes.serviceName)}=~".+"} |= "${what}"`;
    return (await queryLoki(loki, query, nowSeconds() - 900)).length > 0;
  };

const cases: readonly Case[] = [
  {
    what: 'truncated JSON',
    path: '/v1/logs',
    body: () => '{"resourceLogs": [',
    status: 400,
  },
  {
    ...{ what: 'bytes that are not protobuf', path: '/v1/traces', status: 400 },
    contentType: 'application/x-protobuf',
    body: () => Uint8Array.of(0xff, 0xfe, 0xfd, 0x20),
  },
  {
    what: 'a content type that OTLP does not have',
    path: '/v1/logs',
    body: () => 'hello',
    contentType: 'text/plain',
    status: 415,
  },
  {
    what: 'a request of 25 MB',
    path: '/v1/logs',
    body: () => line('x'.repeat(25e6), nowSeconds()),
    status: 400,
  },
  {
    ...{ what: 'a log line from ten days ago', path: '/v1/logs', status: 200 },
    body: () => line('ancient', nowSeconds() - 10 * day),
    counted: `sum(${stackMetrics.lokiDiscarded}{reason="greater_than_max_sample_age"})`,
  },
  {
    ...{ what: 'a log line from two days ahead', path: '/v1/logs', status: 200 },
    body: () => line('future', nowSeconds() + 2 * day),
    counted: `sum(${stackMetrics.lokiDiscarded}{reason="too_far_in_future"})`,
  },
  {
    ...{ what: 'a log line of 400 kB', path: '/v1/logs', status: 200 },
    body: () => line(`long ${run} ${'y'.repeat(400_000)}`, nowSeconds()),
    kept: found(`long ${run}`),
  },
  {
    ...{ what: 'a log line that is not UTF-8', path: '/v1/logs', status: 200 },
    contentType: 'application/x-protobuf',
    body: brokenText,
    kept: found(`broken ${run}`),
  },
  {
    ...{ what: 'a sample from two days ago', path: '/v1/metrics', status: 200 },
    body: () => gauge('e2e.ancient', [point(nowSeconds() - 2 * day, 1)]),
    counted: failed(collectorMetrics.sendFailedMetricPoints),
  },
  {
    ...{ what: 'a sample with the value NaN', path: '/v1/metrics', status: 200 },
    body: () => gauge('e2e.nan', [point(nowSeconds(), 'NaN', run)]),
    kept: async ({ prometheus }) =>
      (await queryPrometheus(prometheus, `count(count_over_time(e2e_nan{id="${run}"}[15m]))`))
        .length > 0,
  },
  {
    ...{ what: '5000 series at once', path: '/v1/metrics', status: 200 },
    body: () =>
      gauge(
        'e2e.many',
        Array.from({ length: 5000 }, (_, id) => point(nowSeconds(), 1, `${run}-${id}`)),
      ),
    kept: async ({ prometheus }) => {
      const [all] = await queryPrometheus(
        prometheus,
        `count(count_over_time(e2e_many{id=~"${run}-.+"}[15m]))`,
      );
      return all?.value === 5000;
    },
  },
  {
    ...{ what: 'a span with an all-zero trace id', path: '/v1/traces', status: 200 },
    body: () => span('0'.repeat(32), nowSeconds()),
    counted: 'sum(otelcol_processor_filter_spans_filtered)',
  },
  {
    ...{ what: 'a span with an attribute of 1 MB', path: '/v1/traces', status: 200 },
    body: () => span(bigTrace, nowSeconds(), { big: 'z'.repeat(1e6) }),
    kept: async ({ tempo }) => (await traceById(tempo, bigTrace)).length > 0,
  },
];

const podList = z.object({ items: z.array(podSchema) });

async function restarts(): Promise<Record<string, number>> {
  const { items } = await kubectlJson(session.target, podList, ['get', 'pods', mantisSelector]);
  return Object.fromEntries(items.map((pod) => [pod.metadata.uid, restartsOf(pod)]));
}

const outcomes: string[][] = [];
let before: Record<string, number>;
let validDelivery: ReturnType<typeof verifyDelivery>;

beforeAll(async () => {
  before = await restarts();
  // Valid telemetry of another service, through the same queues.
  validDelivery = verifyDelivery(session, { rate: 50, seconds: 60 });
  validDelivery.catch(() => {});
});

test.each(cases)('$what', ({ what, path, body, contentType = 'application/json', ...wanted }) =>
  withUrls(['otlpHttp', 'prometheus', 'loki', 'tempo'], async (urls) => {
    const { counted, kept, status } = wanted;
    const count = async () =>
      counted === undefined
        ? 0
        : ((await queryPrometheus(urls.prometheus, counted))[0]?.value ?? 0);
    const earlier = await count();
    const made = body();
    const answer = await fetch(new URL(path, urls.otlpHttp), {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: typeof made === 'string' || made instanceof Uint8Array ? made : JSON.stringify(made),
    });
    expect(answer.status).toBe(status);
    if (counted !== undefined) {
      await eventually('the discarded item to be counted', async () => {
        if ((await count()) <= earlier) throw new RetryLater('not counted');
      });
    }
    if (kept !== undefined) {
      await eventually('the item to be stored', async () => {
        if (!(await kept(urls))) throw new RetryLater('not stored');
      });
    }
    const outcome = kept ? 'stored' : `refused: ${counted ?? (await answer.text()).slice(0, 60)}`;
    outcomes.push([what, String(status), outcome]);
  }),
);

test('valid telemetry of another service is not lost', async () => {
  const { deliveries } = await validDelivery;
  process.stdout.write(`${deliveryTable(deliveries)}\n`);
  for (const signal of itemTypes) {
    expect(deliveries[signal]).toMatchObject({ missing: 0 });
    expect(deliveries[signal].acknowledged).toBe(deliveries[signal].sent);
  }
});

test('no container has restarted', async () => {
  expect(await restarts()).toEqual(before);
});

afterAll(() => {
  process.stdout.write(`${formatTable([['ITEM', 'STATUS', 'RESULT'], ...outcomes])}\n`);
});
