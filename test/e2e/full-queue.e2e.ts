import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectorMetrics, exporterNames } from '../../lib/telemetry/collector.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';
import { parsePage, sumSamples } from '../../ops/stores/exposition.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { countLoki, queryLoki } from '../../ops/stores/loki.ts';
import { logsRequest, severity } from '../../ops/stores/otlp.ts';
import { deploySettings } from '../e2e-alerts/test-settings.ts';
import { startStatefulSet, stopStatefulSet } from './claim-pod.ts';
import {
  eventually,
  nowSeconds,
  session,
  startCustomers,
  stopCustomers,
  withUrls,
} from './cluster.ts';

const { settings } = session;
const exporter = exporterNames.logs;
const service = `e2e-full-queue-${randomUUID().slice(0, 8)}`;
const senders = 50;
const deadlineMs = 2_000;
const linesEach = 50;
const line = 'x'.repeat(1_000);
/** How long the senders go on with the store away: long enough for a queue of 4 MB to fill at once. */
const awaySeconds = 40;

/** The settings with a queue for logs that is full after some 80 requests. */
const smallQueue = {
  ...settings,
  collector: {
    ...settings.collector,
    extraConfig: {
      exporters: {
        [exporter]: {
          sending_queue: {
            queue_size: 4_000_000,
            batch: { min_size: 500_000, max_size: 3_900_000 },
          },
        },
      },
    },
  },
};

interface Outcome {
  readonly acknowledged: Set<string>;
  /** Answered with an error, or not answered within the deadline. */
  readonly refused: Set<string>;
}

async function sendUntil(url: string, end: () => boolean, outcome: Outcome): Promise<void> {
  while (!end()) {
    const id = randomUUID();
    const records = Array.from({ length: linesEach }, (_, index) => ({
      timeUnixNano: `${Date.now()}${String(index).padStart(6, '0')}`,
      ...severity('INFO'),
      body: { stringValue: `${id} line ${index}. ${line}` },
    }));
    const acknowledged = await fetch(`${url}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(logsRequest(service, records)),
      signal: AbortSignal.timeout(deadlineMs),
    }).then(
      (response) => response.ok,
      () => false,
    );
    (acknowledged ? outcome.acknowledged : outcome.refused).add(id);
  }
}

/** Size of the queue as a share; fails if the page does not answer, as with a blocked queue. */
async function queueUsage(url: string): Promise<number> {
  const signal = AbortSignal.timeout(10_000);
  const page = parsePage(await (await fetch(`${url}/metrics`, { signal })).text());
  const of = (metric: string) => sumSamples(page, metric, { exporter });
  return of(collectorMetrics.queueSize) / of(collectorMetrics.queueCapacity);
}

/** The ids of the requests whose first line is stored, and the number of all stored lines. */
async function storedIn(loki: string, start: number) {
  const selector = `{service_name="${service}"}`;
  const range = { start: Math.floor(start), limit: 5_000 };
  const first = await queryLoki(loki, `${selector} |= " line 0. "`, range);
  const total = `sum(count_over_time(${selector}[30m]))`;
  return {
    ids: new Set(first.map(({ line }) => line.split(' ')[0])),
    lines: await countLoki(loki, total, nowSeconds()),
  };
}

afterAll(async () => {
  await startStatefulSet('loki');
  await deploySettings(session, settings);
  await startCustomers();
});

// https://github.com/open-telemetry/opentelemetry-collector/issues/15700
test('a full queue with fifty senders that give up drains when its store is back', async () => {
  await stopCustomers();
  await deploySettings(session, smallQueue);
  await stopStatefulSet('loki');
  const start = nowSeconds();
  const outcome: Outcome = { acknowledged: new Set(), refused: new Set() };
  await withUrls(['otlpHttp', 'collectorMetrics'], async ({ otlpHttp, collectorMetrics: page }) => {
    let ended = false;
    const sending = Array.from({ length: senders }, () =>
      sendUntil(otlpHttp, () => ended, outcome),
    );
    try {
      let usage = 0;
      for (const end = Date.now() + awaySeconds * 1_000; Date.now() < end; await sleep(2_000)) {
        usage = await queueUsage(page);
      }
      expect(usage).toBeGreaterThan(0.8);
      expect(outcome.refused.size).toBeGreaterThan(senders);
      await startStatefulSet('loki');
      const before = outcome.acknowledged.size;
      await eventually('requests to be acknowledged again', async () => {
        const more = outcome.acknowledged.size - before;
        if (more < senders) throw new RetryLater(`${more} requests`);
      });
    } finally {
      ended = true;
      await Promise.all(sending);
    }
    await retryUntil(
      'the queue to be empty',
      async () => {
        const usage = await queueUsage(page);
        if (usage > 0.01) throw new RetryLater(`${(usage * 100).toFixed(1)} % full`);
      },
      { timeoutSeconds: 120 },
    );
    // Its metrics page and its health endpoint both answer.
    expect(await fetchText(page, '/metrics')).toContain(collectorMetrics.queueSize);
  });

  await withUrls(['loki'], async ({ loki }) => {
    await eventually('every acknowledged request', async () => {
      const { ids, lines } = await storedIn(loki, start);
      const missing = [...outcome.acknowledged].filter((id) => !ids.has(id));
      if (missing.length > 0) throw new RetryLater(`${missing.length} requests are missing`);
      // A request that was refused is stored in whole, if it was queued after its sender gave up.
      expect(lines).toBe(ids.size * linesEach);
      const sent = outcome.acknowledged.size + outcome.refused.size;
      console.log(
        `${sent} requests: ${outcome.acknowledged.size} acknowledged, ${outcome.refused.size} refused; ${ids.size} stored`,
      );
      expect(
        [...ids].every((id) => outcome.acknowledged.has(id ?? '') || outcome.refused.has(id ?? '')),
      ).toBe(true);
    });
  });
});
