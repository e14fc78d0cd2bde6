import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SettingsInput } from '../../lib/schema.ts';
import { deliveryService, doctorService, keepTraceState } from '../../lib/telemetry/probes.ts';
import { retryUntil } from '../../ops/process/retry.ts';
import { tracesRequest } from '../../ops/stores/otlp.ts';
import { settingsOf } from '../synthesized.ts';
import { withBinary } from './binaries.ts';
import {
  processorsOf,
  type RunningCollector,
  readStored,
  type StoredSpan,
  sendOtlp,
  startCollector,
} from './otelcol.ts';

/** Pseudo-random ids that are the same in every run. */
const digits = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, length);
const traceId = (trace: string) => digits(trace, 32);

interface Shape {
  readonly durationMs?: number;
  readonly error?: boolean;
  readonly traceState?: string;
}

const now = Date.now();
const nanoseconds = (ms: number) => `${ms}000000`;

function span(trace: string, name: string, { durationMs = 5, error, traceState }: Shape = {}) {
  return {
    traceId: traceId(trace),
    spanId: digits(`${trace} ${name}`, 16),
    name: `${trace} ${name}`,
    kind: 2,
    startTimeUnixNano: nanoseconds(now),
    endTimeUnixNano: nanoseconds(now + durationMs),
    ...(error && { status: { code: 2 } }),
    ...(traceState !== undefined && { traceState }),
  };
}

const range = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** The number of spans that a kept one represents; the threshold `th` is the dropped share. */
function adjustedCount({ traceState = '' }: StoredSpan): number {
  const hex = /(?:^|,)ot=(?:[^,]*;)?th:([0-9a-f]+)/.exec(traceState)?.[1];
  if (hex === undefined) return 1;
  return 1 / (1 - Number.parseInt(hex.padEnd(14, '0'), 16) / 2 ** 56);
}

/** The stored spans of the traces with this prefix, by trace. */
function tracesOf(collector: RunningCollector, prefix: string): Map<string, StoredSpan[]> {
  const traces = new Map<string, StoredSpan[]>();
  for (const each of readStored(collector).spans) {
    const [trace = ''] = each.name.split(' ');
    if (!trace.startsWith(`${prefix}-`)) continue;
    traces.set(trace, [...(traces.get(trace) ?? []), each]);
  }
  return traces;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** Five standard deviations of how many of so many are kept with this probability. */
const deviation = (count: number, share: number) => 5 * Math.sqrt(count * share * (1 - share));

withBinary('otelcol-contrib', (_run, program) => {
  const running: RunningCollector[] = [];
  afterEach(() => Promise.all(running.splice(0).map((collector) => collector.stop())));

  async function start(sampling: NonNullable<SettingsInput['collector']>['sampling']) {
    const collector = await startCollector(
      program,
      processorsOf(settingsOf({ collector: { sampling } })),
    );
    running.push(collector);
    return collector;
  }

  /** Sends both spans of each trace, from two services. */
  async function send(collector: RunningCollector, traces: readonly string[], shape: Shape = {}) {
    const { error, ...others } = shape;
    const all = (name: string, each: Shape) => traces.map((trace) => span(trace, name, each));
    await sendOtlp(collector, 'traces', tracesRequest('shop', all('first', others)));
    await sendOtlp(collector, 'traces', tracesRequest('orders', all('second', shape)));
  }

  const stored = (collector: RunningCollector, prefix: string, count: number) =>
    retryUntil(
      `${count} traces of ${prefix}`,
      async () => {
        const traces = tracesOf(collector, prefix);
        if (traces.size < count) throw new Error(`${traces.size} of ${count}`);
        return traces;
      },
      { timeoutSeconds: 20, intervalMs: 200 },
    );

  test('without sampling all traces are kept and the trace state is empty', async () => {
    const collector = await start({ mode: 'none' });
    await send(collector, range('any', 100));
    await collector.stop();
    const { spans } = readStored(collector);
    expect(spans).toHaveLength(200);
    expect(spans.every(({ traceState }) => !traceState)).toBe(true);
  }, 30_000);

  test('head: a share of the traces is kept, complete and with its adjusted count', async () => {
    const collector = await start({ mode: 'head', keep: '10%' });
    await send(collector, range('any', 4000));
    await collector.stop();
    const kept = [...tracesOf(collector, 'any').values()];
    expect(Math.abs(kept.length - 400)).toBeLessThan(deviation(4000, 0.1));
    for (const spans of kept) expect(spans).toHaveLength(2);
    for (const each of kept.flat()) expect(adjustedCount(each)).toBeCloseTo(10, 2);
  }, 30_000);

  test('head: an earlier sampling by the SDK is part of the adjusted count', async () => {
    const collector = await start({ mode: 'head', keep: '50%' });
    // The SDK kept every fourth trace by its id and set the threshold.
    const fourth = range('sdk', 4000).filter((trace) => traceId(trace).slice(18, 19) >= 'c');
    await send(collector, fourth, { traceState: 'ot=th:c' });
    await collector.stop();
    const kept = [...tracesOf(collector, 'sdk').values()];
    expect(kept.length).toBeGreaterThan(0.4 * fourth.length);
    expect(kept.length).toBeLessThan(0.6 * fourth.length);
    for (const each of kept.flat()) expect(adjustedCount(each)).toBeCloseTo(8, 2);
  }, 30_000);

  test('head: requests with mantis=keep and telemetry of Mantis are all kept, with a count of 1', async () => {
    const collector = await start({ mode: 'head', keep: '0.1%' });
    const mark = `other=1,${keepTraceState.key}=${keepTraceState.value}`;
    await send(collector, range('marked', 50), { traceState: mark });
    const doctors = range('doctor', 50).map((trace) => span(trace, 'probe'));
    await sendOtlp(collector, 'traces', tracesRequest(doctorService, doctors));
    await collector.stop();
    for (const [prefix, size] of [
      ['marked', 2],
      ['doctor', 1],
    ] as const) {
      const kept = [...tracesOf(collector, prefix).values()];
      expect(kept).toHaveLength(50);
      for (const spans of kept) expect(spans).toHaveLength(size);
      for (const each of kept.flat()) expect(adjustedCount(each)).toBe(1);
    }
    expect(readStored(collector).text).toContain('other=1');
  }, 30_000);

  const tail = {
    mode: 'tail',
    keep: '10%',
    slow: '500ms',
    services: ['payments'],
    decisionWait: '1s',
  } as const;
  const options = { ...tail, services: [...tail.services] };

  test('tail: all errors, slow traces and traces of chosen services are kept, and a share of the rest, all complete', async () => {
    const collector = await start(options);
    await send(collector, range('error', 100), { error: true });
    await send(collector, range('slow', 100), { durationMs: 600 });
    await send(collector, range('almost', 100), { durationMs: 400 });
    await send(collector, range('paid', 100));
    const payments = range('paid', 100).map((trace) => span(trace, 'third'));
    await sendOtlp(collector, 'traces', tracesRequest('payments', payments));
    await send(collector, range('marked', 50), { traceState: 'mantis=keep' });
    const counted = range('counted', 50).map((trace) => span(trace, 'numbered'));
    await sendOtlp(collector, 'traces', tracesRequest(deliveryService, counted));
    await send(collector, range('rest', 4000));
    await stored(collector, 'rest', 1);
    await collector.stop();

    for (const [prefix, traces, size] of [
      ['error', 100, 2],
      ['slow', 100, 2],
      ['paid', 100, 3],
      ['marked', 50, 2],
      ['counted', 50, 1],
    ] as const) {
      const kept = [...tracesOf(collector, prefix).values()];
      expect([prefix, kept.length]).toEqual([prefix, traces]);
      for (const spans of kept) expect(spans).toHaveLength(size);
      for (const each of kept.flat()) expect(adjustedCount(each)).toBe(1);
    }
    expect(tracesOf(collector, 'almost').size).toBeLessThan(40);
    const rest = [...tracesOf(collector, 'rest').values()];
    expect(Math.abs(rest.length - 400)).toBeLessThan(deviation(4000, 0.1));
    for (const spans of rest) expect(spans).toHaveLength(2);
    for (const each of rest.flat()) expect(adjustedCount(each)).toBeCloseTo(10, 2);
  }, 40_000);

  test('tail: rates estimated from kept traces match all traces', async () => {
    const collector = await start(options);
    await send(collector, range('good', 3600));
    await send(collector, range('bad', 400), { error: true });
    await stored(collector, 'bad', 400);
    await collector.stop();
    const counted = (prefix: string) =>
      sum([...tracesOf(collector, prefix).values()].flat().map(adjustedCount)) / 2;
    expect(counted('bad')).toBe(400);
    expect(Math.abs(counted('good') - 3600)).toBeLessThan(10 * deviation(3600, 0.1));
    const errors = counted('bad') / (counted('bad') + counted('good'));
    expect(errors).toBeGreaterThan(0.08);
    expect(errors).toBeLessThan(0.12);
    // Without the adjusted count it would be half.
    const spans = (prefix: string) => tracesOf(collector, prefix).size;
    expect(spans('bad') / (spans('bad') + spans('good'))).toBeGreaterThan(0.4);
  }, 40_000);

  test('tail: a late span gets the decision and the adjusted count of its trace', async () => {
    const collector = await start(options);
    const traces = range('late', 400);
    await send(collector, traces);
    await send(collector, range('failed', 5), { error: true });
    await stored(collector, 'failed', 5);
    await sleep(1500);
    const before = new Set(tracesOf(collector, 'late').keys());
    const late = (all: readonly string[]) => all.map((trace) => span(trace, 'late'));
    await sendOtlp(collector, 'traces', tracesRequest('shop', late(traces)));
    await sendOtlp(collector, 'traces', tracesRequest('shop', late(range('failed', 5))));
    await collector.stop();
    const after = tracesOf(collector, 'late');
    expect(new Set(after.keys())).toEqual(before);
    for (const spans of after.values()) {
      expect(spans).toHaveLength(3);
      for (const each of spans) expect(adjustedCount(each)).toBeCloseTo(10, 2);
    }
    for (const spans of tracesOf(collector, 'failed').values()) {
      expect(spans.map(adjustedCount)).toEqual([1, 1, 1]);
    }
  }, 40_000);

  test('tail: more traces than maxTraces block the sender, and none is lost', async () => {
    const collector = await start({ ...options, maxTraces: 100 });
    // The collector accepts one request for each CPU before it blocks.
    const requests = availableParallelism() + 5;
    const began = Date.now();
    for (let request = 0; request < requests; request++) {
      const traces = range(`error-${request}`, 60);
      const failed = traces.map((trace) => span(trace, 'x', { error: true }));
      await sendOtlp(collector, 'traces', tracesRequest('shop', failed));
    }
    expect(Date.now() - began).toBeGreaterThan(1000);
    const all = requests * 60;
    expect((await stored(collector, 'error', all)).size).toBe(all);
  }, 120_000);

  test('tail: SIGTERM loses nothing, SIGKILL loses undecided traces', async () => {
    const [stopped, killed] = await Promise.all([start(options), start(options)]);
    for (const collector of [stopped, killed]) {
      await send(collector, range('decided', 10), { error: true });
      await stored(collector, 'decided', 10);
      await send(collector, range('pending', 10), { error: true });
    }
    await Promise.all([stopped.stop(), killed.kill()]);
    expect(tracesOf(stopped, 'pending').size).toBe(10);
    expect(tracesOf(killed, 'decided').size).toBe(10);
    expect(tracesOf(killed, 'pending').size).toBe(0);
  }, 40_000);
});
