import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { bulkhead } from 'cockatiel';
import { readRestarts } from '../../bench/fuzz/restarts.ts';
import { oddItems } from '../../bench/odd-items/index.ts';
import type { OddItem, Sent } from '../../bench/odd-items/odd-item.ts';
import { refusedRequests } from '../../bench/odd-items/refused.ts';
import { oddRequest, wellFormedRequest } from '../../bench/odd-items/requests.ts';
import { discarded, isStored, type Stores } from '../../bench/odd-items/stored.ts';
import { spanMetrics } from '../../lib/telemetry/span-metrics.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { nanoseconds, tracesRequest } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, session, withUrls } from './cluster.ts';

/** Longer than the collector waits for more before it sends a batch. */
const betweenKinds = 350;

interface Exchange {
  readonly item: OddItem;
  readonly odd: Sent;
  /** Before and behind the odd item in its request, and from another sender in the same batch. */
  readonly wellFormed: readonly Sent[];
  readonly statuses: readonly number[];
}

const now = (): Sent => ({ marker: randomBytes(8).toString('hex'), at: Date.now() });
const drops = oddItems.flatMap(({ outcome }) => (outcome.stored ? [] : [outcome.discard]));
const reasons = [...new Map(drops.map((discard) => [discard.reason, discard])).values()];

async function post(url: string, path: string, body: string | Buffer, type = 'application/json') {
  const headers = { 'content-type': type };
  const response = await fetch(new URL(path, url), {
    ...{ method: 'POST', headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  await response.text();
  return response.status;
}

async function exchange(url: string, item: OddItem): Promise<Exchange> {
  const odd = now();
  const wellFormed = [now(), now(), now(), now()] as const;
  const [before, behind, ...others] = wellFormed;
  const path = `/v1/${item.signal}`;
  const statuses = await Promise.all([
    post(url, path, oddRequest(item, odd, before, behind)),
    post(url, path, wellFormedRequest(item.signal, others)),
  ]);
  return { item, odd, wellFormed, statuses };
}

const countDiscards = () =>
  withUrls(['prometheus'], async ({ prometheus }) => {
    const counts = await Promise.all(reasons.map((reason) => discarded(prometheus, reason)));
    return Object.fromEntries(reasons.map(({ reason }, index) => [reason, counts[index] ?? 0]));
  });

/** What is stored of an exchange. */
interface Found {
  readonly odd: boolean;
  readonly wellFormed: readonly boolean[];
}

/** Reads an exchange until all of it is stored that should be, or the time is up. */
async function readStored(stores: Stores, sent: Exchange, until: number): Promise<Found> {
  const { item, odd, wellFormed } = sent;
  for (;;) {
    const found = {
      odd: await isStored(stores, item, odd),
      wellFormed: await Promise.all(
        wellFormed.map((each) => isStored(stores, { signal: item.signal }, each)),
      ),
    };
    const complete = found.odd === item.outcome.stored && found.wellFormed.every(Boolean);
    if (complete || Date.now() > until) return found;
    await sleep(2000);
  }
}

const exchanges: Exchange[] = [];
const found = new Map<OddItem, Found>();
let restartsBefore: Map<string, string>;
let discardsBefore: Record<string, number>;

beforeAll(async () => {
  restartsBefore = await readRestarts(session);
  discardsBefore = await countDiscards();
  await withUrls(['otlpHttp', 'loki', 'prometheus', 'tempo'], async ({ otlpHttp, ...stores }) => {
    for (const item of oddItems) {
      exchanges.push(await exchange(otlpHttp, item));
      await sleep(betweenKinds);
    }
    const until = Date.now() + 60_000;
    const limit = bulkhead(8, exchanges.length);
    await Promise.all(
      exchanges.map((sent) =>
        limit.execute(async () => found.set(sent.item, await readStored(stores, sent, until))),
      ),
    );
  });
});

test('the collector accepts every odd item', () => {
  const refused = exchanges.filter(({ statuses }) => statuses.some((status) => status !== 200));
  expect(refused.map(({ item }) => item.what)).toEqual([]);
});

test.each(oddItems.map((item) => ({ ...item, item })))(
  '$signal: $what, and what is beside it',
  ({ item }) => {
    expect(found.get(item)).toEqual({
      odd: item.outcome.stored,
      wellFormed: [true, true, true, true],
    });
  },
);

test('every dropped item is counted with its reason, and nothing else is', async () => {
  const expected = Object.fromEntries(
    reasons.map(({ reason }) => [
      reason,
      (discardsBefore[reason] ?? 0) + drops.filter((drop) => drop.reason === reason).length,
    ]),
  );
  await eventually('the counters to be scraped', async () => {
    const counted = await countDiscards();
    const missing = reasons.filter(
      ({ reason }) => (counted[reason] ?? 0) < (expected[reason] ?? 0),
    );
    if (missing.length > 0) throw new RetryLater(JSON.stringify(counted));
  });
  expect(await countDiscards()).toEqual(expected);
});

test('spans that are ten minutes late count in span metrics', () =>
  withUrls(['otlpHttp', 'prometheus'], async ({ otlpHttp, prometheus }) => {
    const service = `late-${randomBytes(4).toString('hex')}`;
    const sent = Array.from({ length: 5 }, (_, i) => ({ ...now(), at: Date.now() - 600_000 - i }));
    const spans = sent.map(({ marker, at }) => ({
      ...{ traceId: `${marker}${marker}`, spanId: marker, name: 'late', kind: 2 },
      startTimeUnixNano: nanoseconds(at),
      endTimeUnixNano: nanoseconds(at + 1),
    }));
    const body = JSON.stringify(tracesRequest(service, spans));
    expect(await post(otlpHttp, '/v1/traces', body)).toBe(200);
    const query = `sum(${spanMetrics.calls}{service="${service}"})`;
    await eventually('the spans to be counted', async () => {
      const [calls] = await queryPrometheus(prometheus, query);
      if (calls?.value !== sent.length) throw new RetryLater(`counted: ${calls?.value ?? 0}`);
    });
  }));

test.each(refusedRequests)('$what is refused', ({ signal, status, contentType, body }) =>
  withUrls(['otlpHttp'], async ({ otlpHttp }) => {
    const made = body();
    const bytes = typeof made === 'string' ? made : Buffer.from(made);
    expect(await post(otlpHttp, `/v1/${signal}`, bytes, contentType)).toBe(status);
  }),
);

test('no container has restarted', async () => {
  expect(await readRestarts(session)).toEqual(restartsBefore);
});
