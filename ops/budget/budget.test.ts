import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duration, Size } from 'cdk8s';
import { defaultSettings } from '../../settings/load.ts';
import { budgetOf } from './budget.ts';
import { measureBudget } from './measure.ts';
import { budgetTables, bytes } from './report.ts';

const place = { retention: Duration.days(2), storage: Size.gibibytes(1), atMost: 2 };
const gibibyte = 1024 ** 3;

test('a store needs what comes in until retention deletes it, and its write-ahead log', () => {
  const budget = budgetOf({ rate: 1000, stored: 0.5, fixed: 1_000_000 }, place);
  expect(budget.bytesPerDay).toBe(1000 * 0.5 * 86_400);
  expect(budget.needed).toBe(2 * 43_200_000 + 1_000_000);
  expect(budget.share).toBeCloseTo(87_400_000 / gibibyte);
  expect(budget).toMatchObject({ fullAfterDays: undefined, measured: true });
});

test('a volume that is too small says when it will be full', () => {
  const budget = budgetOf({ rate: 10_000, stored: 1, fixed: 0 }, place);
  expect(budget.share).toBeGreaterThan(1);
  expect(budget.fullAfterDays).toBeCloseTo(gibibyte / 864_000_000);
});

test('what was not measured counts as large as it can be, of the share that data may take', () => {
  const budget = budgetOf({ rate: 1, fixed: 0 }, { ...place, usable: 0.8 });
  expect(budget).toMatchObject({ bytesPerDay: 2 * 86_400, measured: false });
  expect(budget.volume).toBeCloseTo(0.8 * gibibyte);
});

test.each([
  [0, '0.0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [20 * gibibyte, '20 GiB'],
])('%d bytes are written %s', (amount, text) => {
  expect(bytes(amount)).toBe(text);
});

test("a budget is made of what Prometheus answers; a store that wrote no block yet says 'at most'", async () => {
  const answers: [RegExp, { labels?: object; value: number }[]][] = [
    [/avg_over_time.*prometheus/, [{ value: 300 }]],
    [/avg_over_time/, [{ value: 1000 }]],
    [/chunk_samples/, [{ value: Number.NaN }]],
    [/compression/, [{ value: 0.25 }]],
    [/histogram_sum/, [{ value: 0.5 }]],
    [/head_series/, [{ value: 7000 }]],
    [/count by/, [{ value: 10 }, { labels: { job: 'loki' }, value: 20 }]],
  ];
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '';
    const found = answers.find(([pattern]) => pattern.test(query))?.[1] ?? [];
    const result = found.map(({ labels = {}, value }) => ({
      metric: labels,
      value: [0, String(value)],
    }));
    response.end(JSON.stringify({ data: { result } }));
  }).listen(0);
  const { port } = server.address() as AddressInfo;
  const budget = await measureBudget(`http://127.0.0.1:${port}`, defaultSettings(), 600);
  server.close();
  server.closeAllConnections();
  expect(budget.series).toBe(7000);
  expect(budget.sources).toEqual([
    { source: 'loki', series: 20 },
    { source: '', series: 10 },
  ]);
  expect(budget.stores.prometheus).toMatchObject({
    measured: false,
    bytesPerDay: 300 * 2 * 86_400,
  });
  expect(budget.stores.loki.bytesPerDay).toBe(250 * 86_400);
  expect(budget.stores.tempo.bytesPerDay).toBe(500 * 86_400);
  const printed = budgetTables(budget, { prometheus: '15d', loki: '7d', tempo: '48h' });
  expect(printed).toMatch(/prometheus +300 samples\/s +at most 49 MiB +15d/);
  expect(printed).toMatch(/loki +1000 B\/s +21 MiB +7d +144 MiB +1\.4 % of 10 GiB +for good/);
  expect(printed).toMatch(/recording rules, span metrics +10/);
});
