import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import type { Logger } from 'winston';
import { shopAttributes } from '../../lib/telemetry/app.ts';
import { readJson } from '../http/json-body.ts';
import { InvalidRequest, PaymentDeclined } from '../http/problems.ts';
import { isRecord } from '../http/record.ts';
import type { Routes } from '../http/request.ts';
import type { ProviderClient } from '../payments/provider-client.ts';
import type { Metrics, Outcome } from '../telemetry/metrics.ts';

const outcomes: readonly Outcome[] = ['authorized', 'declined', 'failed'];

/** Charges the card of an order. */
export const payments =
  (provider: ProviderClient, metrics: Metrics, logger: Logger): Routes =>
  (router) => {
    const count = (outcome: Outcome, number = 1) => {
      metrics.payments.add(number, { [shopAttributes.paymentOutcome]: outcome });
      trace.getActiveSpan()?.setAttribute(shopAttributes.paymentOutcome, outcome);
    };
    for (const outcome of outcomes) count(outcome, 0);

    router.post('/api/payments', async (ctx) => {
      const order = parse(await readJson(ctx.req));
      const id = randomUUID();
      const approved = await provider.charge({ ...order, id }).catch((error) => {
        count('failed');
        throw error;
      });
      count(approved ? 'authorized' : 'declined');
      if (!approved) throw new PaymentDeclined('the card was declined');
      logger.info('payment authorized', { [shopAttributes.paymentId]: id });
      ctx.body = { id, status: 'authorized' };
    });
  };

function parse(body: unknown) {
  const { cents, currency, card } = isRecord(body) ? body : {};
  if (typeof cents === 'number' && typeof currency === 'string') {
    return { cents, currency, ...(typeof card === 'string' && { card }) };
  }
  throw new InvalidRequest('a payment has cents and a currency');
}
