import { appMetrics } from '../../lib/telemetry/app.ts';
import { declinedCard } from '../payments/provider.ts';
import { closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

const payment = { cents: 2580, currency: 'EUR', card: '4242424242424242' };
const outcome = (name: string) => ({ 'shop.payment.outcome': name });

test('the counter of every outcome starts at 0', async () => {
  const { value } = await serve('payments');
  for (const name of ['authorized', 'declined', 'failed']) {
    expect(await value(appMetrics.payments.name, outcome(name))).toBe(0);
  }
});

test('a valid card is charged', async () => {
  const { post, value } = await serve('payments');
  const response = await post('/api/payments', payment);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'authorized' });
  expect(await value(appMetrics.payments.name, outcome('authorized'))).toBe(1);
});

test('the declined card is a 402', async () => {
  const { post, value } = await serve('payments');
  const response = await post('/api/payments', { ...payment, card: declinedCard });
  expect(response.status).toBe(402);
  expect(await value(appMetrics.payments.name, outcome('declined'))).toBe(1);
});

test('a provider that is down fails the payment, after two retries', async () => {
  const { post, value, faults } = await serve('payments');
  faults.start({ name: 'provider-down', seconds: 60, options: {} });
  const response = await post('/api/payments', payment);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ type: 'ProviderUnavailable' });
  expect(await value(appMetrics.payments.name, outcome('failed'))).toBe(1);
  expect(await value(appMetrics.paymentRetries.name)).toBe(2);
});

test('an invalid payment is a 400', async () => {
  const { post } = await serve('payments');
  expect((await post('/api/payments', { cents: 'many' })).status).toBe(400);
});
