import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appMetrics } from '../../lib/telemetry/app.ts';
import { Database } from '../database/database.ts';
import { Faults } from '../faults/faults.ts';
import { createRandom } from '../simulation/random.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { capturingLogger, inMemoryMeter } from '../testing/in-process.ts';
import { FulfilmentQueue } from './fulfilment-queue.ts';
import { Orders } from './order-table.ts';

const directory = mkdtempSync(join(tmpdir(), 'shop-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
const newFile = () => join(directory, `${++files}.db`);

function open(path: string) {
  const { meter, collect } = inMemoryMeter();
  const { logger, lines } = capturingLogger();
  const metrics = createMetrics(meter);
  const random = createRandom(1, 0);
  const faults = new Faults(logger, metrics);
  const database = new Database({ path, metrics, faults, random });
  const orders = new Orders(database);
  const queue = new FulfilmentQueue({ database, orders, metrics, logger, random });
  const depth = async () => (await collect()).get(appMetrics.queueDepth.name)?.dataPoints[0]?.value;
  return { database, orders, queue, depth, lines };
}

const order = (id: string) => ({
  id,
  userId: '1',
  items: [],
  cents: 1,
  currency: 'EUR',
  status: 'placed' as const,
  placedAt: '2026-01-01T00:00:00.000Z',
});

async function enqueue({ orders, queue }: ReturnType<typeof open>, id: string): Promise<void> {
  await orders.add(order(id));
  await queue.send(id, (step) => orders.write(orders.statusChange(id, 'paid'), step));
}

test('orders are fulfilled in the order of the queue', async () => {
  const shop = open(newFile());
  for (const id of ['a', 'b', 'c']) await enqueue(shop, id);
  expect(await shop.depth()).toBe(3);
  const worker = shop.queue.start();
  while ((await shop.depth()) !== 0) await new Promise(setImmediate);
  await worker.stop();
  expect(shop.lines.map((line) => line['shop.order.id'])).toEqual(['a', 'b', 'c']);
  expect(await shop.orders.find('b')).toMatchObject({ status: 'fulfilled' });
});

test('a new order wakes the waiting worker', async () => {
  const shop = open(newFile());
  const worker = shop.queue.start();
  await enqueue(shop, 'late');
  while ((await shop.depth()) !== 0) await new Promise(setImmediate);
  await worker.stop();
  expect(await shop.orders.find('late')).toMatchObject({ status: 'fulfilled' });
});

test('a new process fulfils the orders that are left in the queue', async () => {
  const path = newFile();
  const before = open(path);
  await enqueue(before, 'kept');
  before.database.close();
  const after = open(path);
  expect(await after.depth()).toBe(1);
  const worker = after.queue.start();
  while ((await after.depth()) !== 0) await new Promise(setImmediate);
  await worker.stop();
  expect(await after.orders.find('kept')).toMatchObject({ status: 'fulfilled' });
});
