import { createServer } from 'node:http';
import { closedUrl, closeServers, listen } from '../testing/in-process.ts';
import { httpCustomers, type Outcome } from './http-customer.ts';
import { journeys } from './journeys.ts';
import { evenly } from './testing/customers.ts';
import { fakeShop } from './testing/fake-shop.ts';

afterAll(closeServers);

function customerOf(url: string, timeoutMs?: number) {
  const outcomes: Outcome[] = [];
  const create = httpCustomers({
    shop: new URL(url),
    timeoutMs,
    report: (outcome) => outcomes.push(outcome),
    wait: async () => {},
  });
  return { customer: create('7', evenly()), outcomes };
}

test.each(Object.entries(journeys))(
  '%s gets the expected responses over HTTP',
  async (_, journey) => {
    const seen: string[] = [];
    const url = await listen(fakeShop(seen).listen(0));
    const { customer, outcomes } = customerOf(url);
    for (let visit = 0; visit < 10; visit += 1) await journey(customer);
    expect(outcomes.filter(({ expected }) => !expected)).toEqual([]);
    expect(seen).toHaveLength(outcomes.length);
    expect(seen.every((line) => line.endsWith('of user 7'))).toBe(true);
  },
);

test('an unexpected status is reported', async () => {
  const url = await listen(fakeShop().listen(0));
  const { customer, outcomes } = customerOf(`${url}/`);
  await customer.get('/api/error?type=database', [200]);
  expect(outcomes).toEqual([
    {
      name: 'GET /api/error',
      status: 500,
      expected: false,
      milliseconds: expect.any(Number),
    },
  ]);
});

test('no response, a timeout and a broken response are status 0', async () => {
  const silent = createServer(() => {});
  const broken = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  });
  const urls = [await closedUrl(), await listen(silent.listen(0)), await listen(broken.listen(0))];
  for (const url of urls) {
    const { customer, outcomes } = customerOf(url, 200);
    expect(await customer.get('/', [200])).toEqual({ status: 0, json: undefined });
    expect(outcomes).toMatchObject([{ status: 0, expected: false }]);
  }
});

test('the timeout is for the complete response', async () => {
  const slow = createServer((_request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(drip));
  });
  const { customer } = customerOf(await listen(slow.listen(0)), 200);
  expect(await customer.get('/', [200])).toMatchObject({ status: 0 });
});
