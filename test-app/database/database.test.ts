import { appMetrics } from '../../lib/telemetry/app.ts';
import { Faults } from '../faults/faults.ts';
import { Orders } from '../orders/order-table.ts';
import { createRandom } from '../simulation/random.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { capturingLogger, inMemoryMeter } from '../testing/in-process.ts';
import { Database, type Statement } from './database.ts';
import { Products } from './products.ts';
import { Users } from './users.ts';

function open(factor = 0) {
  const { meter, collect } = inMemoryMeter();
  const metrics = createMetrics(meter);
  const random = createRandom(1, factor);
  const faults = new Faults(capturingLogger().logger, metrics);
  const database = new Database({ path: ':memory:', metrics, faults, random });
  return { database, faults, collect };
}

const statement = (operation: Statement['operation'], sql: string): Statement => ({
  operation,
  table: 'users',
  sql,
});

test('a new database has the same users and products each time', async () => {
  const [one, two] = [open().database, open().database];
  const users = await new Users(one).list();
  expect(users).toHaveLength(50);
  expect(await new Users(two).list()).toEqual(users);
  expect(await new Products(one).list()).toEqual(await new Products(two).list());
});

test('a failed step rolls back the others', async () => {
  const { database } = open();
  const rename = statement('UPDATE', 'UPDATE users SET name = ? WHERE id = 1');
  const wrong = statement('INSERT', 'INSERT INTO users (id, name, currency) VALUES (1, ?, ?)');
  await expect(database.write([rename, 'Bea'], [wrong, 'x', 'y'])).rejects.toMatchObject({
    name: 'DatabaseError',
    message: 'the database failed to UPDATE users',
    cause: expect.objectContaining({ message: expect.stringContaining('UNIQUE') }),
  });
  expect(await new Users(database).find('1')).toMatchObject({ name: 'Grace' });
});

test('the duration of an operation has its name and table', async () => {
  const { database, collect } = open();
  await new Users(database).find('1');
  const points = (await collect()).get(appMetrics.dbDuration.name)?.dataPoints;
  expect(points).toEqual([
    expect.objectContaining({
      attributes: {
        'db.system.name': 'sqlite',
        'db.operation.name': 'SELECT',
        'db.collection.name': 'users',
      },
      value: expect.objectContaining({ count: 1 }),
    }),
  ]);
});

test('the fault slow-database delays operations', async () => {
  const { database, faults } = open(1);
  faults.start({ name: 'slow-database', seconds: 60, options: { ms: 100 } });
  const start = performance.now();
  await new Users(database).find('1');
  expect(performance.now() - start).toBeGreaterThan(50);
  faults.stopAll();
});

test('a value with SQL is not executed', async () => {
  const { database } = open();
  expect(await new Users(database).find("1' OR '1'='1")).toBeUndefined();
});

test('the oldest orders are deleted', async () => {
  const { database } = open();
  const orders = new Orders(database, 20);
  for (let number = 1; number <= 40; number += 1) {
    await orders.add({
      id: `${number}`,
      userId: '1',
      items: [],
      cents: 1,
      currency: 'EUR',
      status: 'placed',
      placedAt: '',
    });
  }
  expect(database.peek<{ n: number }>('SELECT count(*) AS n FROM orders')?.n).toBe(20);
  expect(await orders.find('40')).toBeDefined();
});
