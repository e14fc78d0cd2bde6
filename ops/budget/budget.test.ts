import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duration, Size } from 'cdk8s';
import { defaultSettings } from '../../settings/load.ts';
import { storeBudget } from './budget.ts';
import { measureBudget } from './measure.ts';
import { budgetTables, formatBytes } from './report.ts';

const volume = { retention: Duration.days(2), storage: Size.gibibytes(1) };
const usage = { unit: 'samples', ingested: '', bytesPerUnit: '', maxBytesPerUnit: 2 } as const;
const store = { name: 'prometheus', usage } as const;
const gibibyte = 1024 ** 3;

test('a store needs the data of its retention, and its write-ahead log', () => {
  const budget = storeBudget(
    store,
    { rate: 1000, bytesPerUnit: 0.5, fixedBytes: 1_000_000 },
    volume,
  );
  expect(budget.bytesPerDay).toBe(1000 * 0.5 * 86_400);
  expect(budget.needed).toBe(2 * 43_200_000 + 1_000_000);
  expect(budget.share).toBeCloseTo(87_400_000 / gibibyte);
  expect(budget).toMatchObject({ fullAfterDays: undefined, measured: true });
});

test('a volume that is too small comes with the days until it is full', () => {
  const budget = storeBudget(store, { rate: 10_000, bytesPerUnit: 1, fixedBytes: 0 }, volume);
  expect(budget.share).toBeGreaterThan(1);
  expect(budget.fullAfterDays).toBeCloseTo(gibibyte / 864_000_000);
});

test('without a measurement the upper bound is compared with the usable share of the volume', () => {
  const budget = storeBudget(
    { ...store, usage: { ...usage, usableRatio: 0.8 } },
    { rate: 1, fixedBytes: 0 },
    volume,
  );
  expect(budget).toMatchObject({ bytesPerDay: 2 * 86_400, measured: false });
  expect(budget.volume).toBeCloseTo(0.8 * gibibyte);
});

test.each([
  [0, '0.0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [20 * gibibyte, '20 GiB'],
])('%d bytes are written %s', (amount, text) => {
  expect(formatBytes(amount)).toBe(text);
});

test("the budget is measured by Prometheus; for a store without blocks it is 'at most'", async () => {
  const results: [RegExp, { labels?: object; value: number }[]][] = [
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
    const found = results.find(([pattern]) => pattern.test(query))?.[1] ?? [];
    const result = found.map(({ labels = {}, value }) => ({
      metric: labels,
      value: [0, String(value)],
    }));
    response.end(JSON.stringify({ data: { result } }));
  }).listen(0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const settings = defaultSettings();
  const budget = await measureBudget(url, settings, 600);
  const external = { url: 'https://x.y', writeUrl: 'https://x.y', headers: {}, egress: [] };
  const without = { ...settings, loki: { ...settings.loki, external } };
  const ofTwo = await measureBudget(url, without, 600);
  server.close();
  server.closeAllConnections();
  expect(budget.series).toBe(7000);
  expect(budget.sources).toEqual([
    { source: 'loki', series: 20 },
    { source: '', series: 10 },
  ]);
  expect(budget.stores).toMatchObject([
    { store: 'prometheus', measured: false, bytesPerDay: 300 * 2 * 86_400 },
    { store: 'loki', bytesPerDay: 250 * 86_400 },
    { store: 'tempo', bytesPerDay: 500 * 86_400 },
  ]);
  const printed = budgetTables(budget);
  expect(printed).toMatch(/prometheus +300 samples\/s +at most 49 MiB +\d+h/);
  expect(printed).toMatch(/loki +1000 B\/s +21 MiB +168h +144 MiB +1\.4 % of 10 GiB +never/);
  expect(printed).toMatch(/recording rules, span metrics +10/);
  expect(ofTwo.stores.map(({ store }) => store)).toEqual(['prometheus', 'tempo']);
  expect(budgetTables(ofTwo)).toContain('loki is external, so that it has no volume here');
});
