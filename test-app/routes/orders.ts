import type { Logger } from 'winston';
import { readJson } from '../json-body.ts';
import type { Metrics } from '../metrics.ts';
import { basketSize, parseOrder } from '../order.ts';
import type { OrderStore } from '../order-store.ts';
import { NotFound } from '../problems.ts';
import { identifyUser, type Routes } from '../request.ts';

/** The orders, at the service that owns them. */
export const orders =
  (store: OrderStore, metrics: Metrics, logger: Logger): Routes =>
  (router) => {
    router.get('/api/orders', (ctx) => {
      ctx.body = store.list();
    });

    router.get('/api/orders/:id', (ctx) => {
      const order = store.find(ctx.params.id);
      if (!order) throw new NotFound(`there is no order ${ctx.params.id}`);
      identifyUser(ctx, order.userId);
      ctx.body = order;
    });

    router.post('/api/orders', async (ctx) => {
      const wanted = parseOrder(await readJson(ctx.req));
      identifyUser(ctx, wanted.userId);
      const order = store.add(wanted);
      const items = basketSize(order);
      metrics.orderPlaced(items);
      logger.info('order placed', { 'order.id': order.id, 'order.items': items });
      ctx.status = 201;
      ctx.body = order;
    });
  };
