import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import type { Logger } from 'winston';
import { shopAttributes } from '../../lib/telemetry/app.ts';
import type { Products } from '../database/products.ts';
import type { Users } from '../database/users.ts';
import { readJson } from '../http/json-body.ts';
import type { Peer } from '../http/peer.ts';
import { InvalidRequest, NotFound } from '../http/problems.ts';
import { identifyUser, type Routes } from '../http/request.ts';
import type { FulfilmentQueue } from '../orders/fulfilment-queue.ts';
import { basketSize, type NewOrder, type Order, parseOrder } from '../orders/order.ts';
import type { Orders } from '../orders/order-table.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { sendResponseOf } from './proxied.ts';

export interface OrdersProps {
  readonly store: Orders;
  readonly catalogue: Products;
  readonly customers: Users;
  readonly payments: Peer;
  readonly queue: FulfilmentQueue;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** The orders API of the orders service. */
export const orders =
  (props: OrdersProps): Routes =>
  (router) => {
    const { store, payments, queue, metrics, logger } = props;
    // Prometheus sees no increase in a counter that starts at 1.
    metrics.ordersPlaced.add(0);

    router.get('/api/orders', async (ctx) => {
      ctx.body = await store.list();
    });

    router.get('/api/orders/:id', async (ctx) => {
      const order = await store.find(ctx.params.id ?? '');
      if (!order) throw new NotFound(`there is no order ${ctx.params.id}`);
      identifyUser(ctx, order.userId);
      ctx.body = order;
    });

    router.post('/api/orders', async (ctx) => {
      const wanted = parseOrder(await readJson(ctx.req));
      identifyUser(ctx, wanted.userId);
      const order = await createOrder(wanted, props);
      await store.add(order);
      const { id, cents, currency } = order;
      const payment = await payments.post('/api/payments', {
        id,
        cents,
        currency,
        card: wanted.card,
      });
      if (payment.status !== 200) {
        await store.setStatus(id, 'unpaid');
        sendResponseOf(ctx, payment);
        return;
      }
      const paid = store.statusChange(id, 'paid');
      await queue.send(id, (enqueue) => store.write(paid, enqueue));
      recordOrder(order, metrics, logger);
      ctx.status = 201;
      ctx.body = { ...order, status: 'paid' };
    });
  };

/** Creates the order with the prices of the catalogue, in the currency of its customer. */
async function createOrder(
  wanted: NewOrder,
  { catalogue, customers }: OrdersProps,
): Promise<Order> {
  const { userId, items } = wanted;
  const user = await customers.find(userId);
  const offered = await catalogue.findAll(items.map(({ product }) => product));
  const cents = new Map(offered.map((product) => [product.id, product.cents]));
  const details = [
    ...(user ? [] : [`userId must be a known user, got ${JSON.stringify(userId)}`]),
    ...items
      .filter(({ product }) => !cents.has(product))
      .map(({ product }) => `product must be a known one, got ${JSON.stringify(product)}`),
  ];
  if (user === undefined || details.length > 0) {
    throw new InvalidRequest('the order is not valid', { details });
  }
  return {
    id: randomUUID(),
    userId,
    items,
    cents: items.reduce((sum, item) => sum + item.quantity * (cents.get(item.product) ?? 0), 0),
    currency: user.currency,
    status: 'placed',
    placedAt: new Date().toISOString(),
  };
}

function recordOrder(order: Order, metrics: Metrics, logger: Logger): void {
  const items = basketSize(order);
  metrics.ordersPlaced.add(1);
  metrics.basketSize.record(items);
  metrics.revenue.add(order.cents / 100, { [shopAttributes.currency]: order.currency });
  const fields = { [shopAttributes.orderId]: order.id, [shopAttributes.orderItems]: items };
  trace.getActiveSpan()?.setAttributes(fields);
  trace.getActiveSpan()?.addEvent('order placed', fields);
  logger.info('order placed', fields);
}
