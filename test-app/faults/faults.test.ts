import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { appMetrics } from '../../lib/telemetry/app.ts';
import { probePaths } from '../../lib/telemetry/app-paths.ts';
import { closeServers, serve } from '../testing/in-process.ts';
import { faultNames } from './catalogue.ts';
import { parseFault } from './parse.ts';

afterAll(closeServers);

const role = (env = {}) => serve('payments', env);

test('a fault ends by itself and logs that', async () => {
  const { faults, lines } = await role();
  faults.start(parseFault('cache-off', { for: 0.05 }));
  expect(faults.list()).toEqual([expect.objectContaining({ name: 'cache-off' })]);
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(faults.list()).toEqual([]);
  expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn fault cache-off is on for 0.05 s',
    'warn fault cache-off is off',
  ]);
});

test('a restarted fault has the new duration', async () => {
  const { faults } = await role();
  faults.start(parseFault('cache-off', { for: 0.05 }));
  faults.start(parseFault('cache-off', { for: 60 }));
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(faults.active('cache-off')).toBeDefined();
});

test('a gauge shows the active faults', async () => {
  const { faults, value } = await role();
  faults.start(parseFault('latency', {}));
  for (const name of faultNames) {
    const shown = await value(appMetrics.faultActive.name, { 'shop.fault.name': name });
    expect(shown).toBe(name === 'latency' ? 1 : 0);
  }
});

test('requests fail at the given rate with the given error', async () => {
  const { faults, get } = await role();
  faults.start(parseFault('error-rate', { rate: 0.5, type: 'database' }));
  const statuses: number[] = [];
  for (let i = 0; i < 40; i += 1) statuses.push((await get('/api/chain')).status);
  const failed = statuses.filter((status) => status === 500).length;
  expect(failed).toBeGreaterThan(8);
  expect(failed).toBeLessThan(32);
});

test('a fault of one route does not affect others', async () => {
  const { faults, get, lines } = await role();
  faults.start(parseFault('error-rate', { rate: 1, route: '/api/chain' }));
  expect((await get('/api/chain')).status).toBe(500);
  for (const path of probePaths) expect((await get(path)).status).toBe(200);
  expect(lines.at(-1)).toMatchObject({ 'http.route': '/api/chain', 'error.type': 'TypeError' });
});

test('the fault latency delays requests', async () => {
  const { faults, get } = await role({ DELAY_FACTOR: '1' });
  faults.start(parseFault('latency', { ms: 100 }));
  const start = performance.now();
  await get('/api/chain');
  expect(performance.now() - start).toBeGreaterThan(95);
});

test('the fault log-flood writes log lines until it ends', async () => {
  const { faults, lines } = await role();
  faults.start(parseFault('log-flood', { perSecond: 100 }));
  await new Promise((resolve) => setTimeout(resolve, 350));
  faults.stop('log-flood');
  const flood = () => lines.filter(({ message }) => String(message).startsWith('flood')).length;
  const before = flood();
  expect(before).toBeGreaterThanOrEqual(20);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(flood()).toBe(before);
});

/** Bytes of array buffers once those that earlier tests left behind are collected. */
async function settledArrayBuffers(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  let before = Number.POSITIVE_INFINITY;
  for (;;) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { arrayBuffers } = process.memoryUsage();
    if (arrayBuffers >= before) return arrayBuffers;
    before = arrayBuffers;
  }
}

test('the fault memory-leak holds memory up to its limit and releases it', async () => {
  const { faults } = await role();
  const arrayBuffers = await settledArrayBuffers();
  const held = () => process.memoryUsage().arrayBuffers - arrayBuffers;
  faults.start(parseFault('memory-leak', { mibPerSecond: 32, capMib: 8 }));
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(held()).toBeGreaterThan(7 * 2 ** 20);
  expect(held()).toBeLessThan(20 * 2 ** 20);
  faults.stopAll();
});

test('the fault cpu-burn uses CPU', async () => {
  const { faults } = await role();
  const before = process.cpuUsage();
  const used = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const start = Date.now();
  faults.start(parseFault('cpu-burn', { percent: 60 }));
  // One second is enough on an idle machine; without the fault the process uses a tenth of this.
  while (used() < 500 && Date.now() - start < 20_000) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  faults.stopAll();
  expect(used()).toBeGreaterThanOrEqual(500);
});
