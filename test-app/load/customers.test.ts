import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { closedUrl, closeServers, listen } from '../testing/in-process.ts';
import { fakeShop } from './testing/fake-shop.ts';
import { killPrograms, run } from './testing/programs.ts';

afterAll(async () => {
  killPrograms();
  await closeServers();
});

/** With tsx, because Node before 22.18 does not run TypeScript. */
const start = (env: Record<string, string>) =>
  run(process.execPath, ['--import', 'tsx', 'customers.ts'], env);

async function until(done: () => boolean): Promise<void> {
  while (!done()) await sleep(20);
}

const messages = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).message);

test.each(['SIGTERM', 'SIGINT'] as const)(
  'the customers send requests, and exit with 0 on %s',
  async (signal) => {
    const seen: string[] = [];
    const url = await listen(fakeShop(seen).listen(0));
    const customers = start({ SHOP_URL: url, RATE: '10', SEED: '1' });
    await until(() => seen.length >= 10);
    const signalledAt = performance.now();
    customers.child.kill(signal);
    expect(await customers.ended()).toEqual([0, null]);
    expect(performance.now() - signalledAt).toBeLessThan(2000);
    expect(customers.errors).toEqual([]);
    expect(messages(customers.lines)).toEqual(['customers are coming', 'summary']);
    const [coming = '', summary = ''] = customers.lines;
    expect(JSON.parse(coming)).toMatchObject({ level: 'info', rate: 10, mix: 'default', seed: 1 });
    expect(JSON.parse(summary)).toMatchObject({ failed: 0, unexpected: {}, turnedAway: 0 });
    expect(JSON.parse(summary).requests).toBeGreaterThanOrEqual(10);
  },
  30_000,
);

test('an outage of the shop is logged in two lines', async () => {
  const seen: string[] = [];
  const shop = fakeShop(seen);
  const url = await listen(shop.listen(0));
  const { port } = shop.address() as AddressInfo;
  const customers = start({ SHOP_URL: url, RATE: '10' });
  await until(() => seen.length >= 5);

  shop.closeAllConnections();
  shop.close();
  await until(() => messages(customers.lines).includes('the shop is unreachable'));
  await sleep(500);
  shop.listen(port);
  await once(shop, 'listening');
  const before = seen.length;
  await until(() => seen.length >= before + 5);

  customers.child.kill('SIGTERM');
  expect(await customers.ended()).toEqual([0, null]);
  expect(customers.errors).toEqual([]);
  expect(messages(customers.lines)).toEqual([
    'customers are coming',
    'the shop is unreachable',
    'the shop is reachable again',
    'summary',
  ]);
}, 30_000);

test('a shop that does not respond does not delay the exit', async () => {
  const shop = fakeShop();
  shop.removeAllListeners('request');
  const asked = once(shop, 'request');
  const customers = start({ SHOP_URL: await listen(shop.listen(0)), RATE: '10' });
  await asked;
  const signalledAt = performance.now();
  customers.child.kill('SIGTERM');
  expect(await customers.ended()).toEqual([0, null]);
  expect(performance.now() - signalledAt).toBeLessThan(2000);
}, 30_000);

// Seeds without visits that start so close together that their order could change.
test('the same seed gives the same customers', async () => {
  const customersOf = async (seed: string) => {
    const seen: string[] = [];
    const url = await listen(fakeShop(seen).listen(0));
    const customers = start({ SHOP_URL: url, RATE: '10', SEED: seed });
    const ids = () => [...new Set(seen.map((line) => line.replace(/.* of user /, '')))];
    await until(() => ids().length >= 4);
    customers.child.kill('SIGTERM');
    await customers.ended();
    return ids().slice(0, 4);
  };
  const customers = await customersOf('11');
  expect(await customersOf('11')).toEqual(customers);
  expect(await customersOf('12')).not.toEqual(customers);
}, 30_000);

const aUrl = 'an http or https URL such as http://shop:5000';

test.each([
  [{}, `SHOP_URL must be ${aUrl}, got nothing`],
  [{ SHOP_URL: 'shop:5000' }, `SHOP_URL must be ${aUrl}, got "shop:5000"`],
  [{ RATE: '0' }, 'RATE must be a number from 0.001 to 10, got "0"'],
  [{ MIX: 'all' }, 'MIX must be one of default, browse, checkout, errors, slow, got "all"'],
  [{ SEED: 'x' }, 'SEED must be a whole number from 0 to 2147483648, got "x"'],
])(
  '%j causes one line and exit code 1',
  async (env, message) => {
    const given = Object.keys(env).some((name) => name !== 'SHOP_URL');
    const customers = start({ ...(given && { SHOP_URL: await closedUrl() }), ...env });
    expect(await customers.ended()).toEqual([1, null]);
    expect(customers.errors).toEqual([message]);
    expect(customers.lines).toEqual([]);
  },
  30_000,
);
