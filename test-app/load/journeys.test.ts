import { seeded } from '../simulation/seeded.ts';
import { type JourneyName, journeys, mistakes } from './journeys.ts';
import { fakeCustomer } from './testing/customers.ts';

const names = Object.keys(journeys) as JourneyName[];
const random = seeded(1);

/** The requests of a journey in 50 visits. */
async function visits(name: JourneyName, ask?: Parameters<typeof fakeCustomer>[1]) {
  const { customer, asked } = fakeCustomer(random, ask);
  for (let visit = 0; visit < 50; visit += 1) await journeys[name](customer);
  return asked;
}

test.each(names)('%s sends requests to known routes and gets expected statuses', async (name) => {
  const asked = await visits(name);
  expect(asked.length).toBeGreaterThanOrEqual(50);
  for (const { expected, status } of asked) expect(expected).toContain(status);
  expect(asked.filter((request) => request.name.endsWith('other'))).toEqual([]);
});

test.each([
  ['is unreachable', { status: 0, body: undefined }],
  ['is broken', { status: 500, body: { error: 'internal error' } }],
  ['answers with something else', { status: 200, body: '<html>' }],
  ['answers with null', { status: 201, body: null }],
  ['has nothing to sell', { status: 200, body: [] }],
  ['has invalid products', { status: 200, body: [null, 1, { id: 7 }, {}] }],
])('no journey throws when the shop %s', async (_what, answer) => {
  for (const name of names) await visits(name, () => answer);
});

test('a journey ends after the first request to an unreachable shop', async () => {
  expect(await visits('order', () => ({ status: 0, body: undefined }))).toHaveLength(50);
});

test('the order journey places an order and reads it', async () => {
  const asked = (await visits('order')).map(({ name }) => name);
  expect(asked.slice(0, 4)).toEqual([
    'GET /',
    'GET /api/products',
    'GET /api/products/:id',
    'POST /api/orders',
  ]);
  expect(asked).toContain('GET /api/orders/:id');
  expect(asked).toContain('GET /api/orders');
});

test('no product that is sold out is ordered', async () => {
  const paths = (await visits('order')).map(({ path }) => path);
  expect(paths).toContain('/api/products/coffee');
  expect(paths).not.toContain('/api/products/machine');
});

test('after a declined card or a conflict the order is not requested', async () => {
  for (const status of [402, 409]) {
    const { customer, asked } = fakeCustomer(random, (method, path) => {
      if (method === 'POST') return { status, body: { error: 'sorry' } };
      return { status: 200, body: path === '/api/products' ? [{ id: 'tea', stock: 1 }] : {} };
    });
    await journeys.order(customer);
    expect(asked.at(-1)).toMatchObject({ name: 'POST /api/orders', status });
    expect(asked.at(-1)?.expected).toContain(status);
  }
});

test.each([
  ['badJson', 400],
  ['missingFields', 400],
  ['negativeQuantity', 400],
  ['unknownProduct', 400],
  ['unknownUser', 404],
  ['declinedCard', 402],
] as const)('the mistake %s expects the status %i', async (name, status) => {
  const { customer, asked } = fakeCustomer(random);
  await mistakes[name](customer);
  expect(asked).toEqual([expect.objectContaining({ status })]);
  expect(asked[0]?.expected).toContain(status);
});

test('the journeys send every mistake and every error type', async () => {
  const statuses = async (name: JourneyName) => (await visits(name)).map(({ status }) => status);
  expect(new Set(await statuses('mistake'))).toEqual(new Set([400, 402, 404]));
  expect(new Set(await statuses('error'))).toEqual(new Set([400, 500, 502, 504]));
});
