import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from '../testing/find-program.ts';
import { closedUrl, closeServers, listen } from '../testing/in-process.ts';
import { fakeShop } from './testing/fake-shop.ts';
import { killPrograms, run } from './testing/programs.ts';

afterAll(async () => {
  killPrograms();
  await closeServers();
});

/** The transitive imports of a file, without type imports. */
function importsOf(file: string, known = new Set<string>()): Set<string> {
  const source = readFileSync(file, 'utf8');
  for (const [, from = ''] of source.matchAll(/^import (?!type )[^;]*?'([^']+)';$/gm)) {
    const imported = from.startsWith('.') ? join(dirname(file), from) : from;
    if (known.has(imported)) continue;
    known.add(imported);
    if (from.startsWith('.')) importsOf(imported, known);
  }
  return known;
}

test('the script imports only k6 and files without Node', () => {
  const folder = join(__dirname, '..');
  const imports = [...importsOf(join(__dirname, 'k6.ts'))].map((path) => path.replace(folder, ''));
  expect(imports.sort()).toEqual([
    '/config/environment.ts',
    '/load/journeys.ts',
    '/load/mixes.ts',
    '/load/route-name.ts',
    '/load/settings.ts',
    '/load/summary.ts',
    'k6',
    'k6/http',
    'k6/metrics',
  ]);
});

const k6 = findProgram('k6');

if (k6 === undefined) {
  const message = 'k6 is neither on PATH nor in MANTIS_BIN: its script is not run';
  process.stderr.write(`SKIPPED: ${message}\n`);
  test.skip(message, () => {});
} else {
  const start =
    (...args: string[]) =>
    (env: Record<string, string>) =>
      run(k6, [...args, 'k6.ts'], { K6_NO_USAGE_REPORT: 'true', ...env });
  const load = start('run', '--quiet');

  test('k6 accepts the options, with their defaults', async () => {
    const inspection = start('inspect', '--execution-requirements')({});
    expect(await inspection.ended()).toEqual([0, null]);
    const options = JSON.parse(inspection.lines.join('\n'));
    expect(options.totalDuration).toBe('2m10s');
    expect(options.scenarios.default).toMatchObject({
      executor: 'constant-arrival-rate',
      rate: 5000,
      timeUnit: '16m40s',
      duration: '2m0s',
    });
  }, 30_000);

  test('a run prints a text summary and a JSON summary', async () => {
    const seen: string[] = [];
    const shop = await listen(fakeShop(seen).listen(0));
    const run = load({ SHOP_URL: shop, RATE: '20', DURATION: '2s', MIX: 'errors' });
    expect(await run.ended()).toEqual([0, null]);
    expect(run.lines[0]).toMatch(/^requests +\d+ in \d+ s/);
    const result = JSON.parse(run.lines.at(-1) ?? '');
    expect(result).toMatchObject({ requests: seen.length, failed: 0, unexpected: {} });
    expect(Object.keys(result.journeys).sort()).toEqual(['browse', 'error', 'mistake']);
  }, 60_000);

  test('an unreachable shop fails the run', async () => {
    const run = load({ SHOP_URL: await closedUrl(), RATE: '5', DURATION: '1s', MIX: 'browse' });
    expect(await run.ended()).toEqual([99, null]);
    const result = JSON.parse(run.lines.at(-1) ?? '');
    expect(result.failedShare).toBe(1);
    expect(result.unexpectedStatuses).toEqual({ '0': result.requests });
    expect(result.unexpected).toEqual({ 'GET / answers 200': result.requests });
  }, 60_000);

  test.each([
    [{ MIX: 'all' }, 'MIX must be one of default, browse, checkout, errors, slow, got'],
    [{ RATE: '5000' }, 'RATE must be a number from 0.001 to 1000, got'],
    [{ DURATION: '1d' }, 'DURATION must be from 1s to 24h, such as 90s or 1h30m, got'],
    [{ SHOP_URL: 'shop' }, 'SHOP_URL must be an http or https URL such as http://shop:5000, got'],
  ])(
    '%j fails the run before it starts, with one line',
    async (env, message) => {
      const run = load(env);
      expect(await run.ended()).toEqual([107, null]);
      expect(run.errors).toHaveLength(1);
      expect(run.errors[0]).toContain(message);
      expect(run.errors[0]).not.toContain('at readSettings');
    },
    30_000,
  );
}
