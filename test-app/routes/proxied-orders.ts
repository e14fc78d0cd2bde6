import { readJson } from '../http/json-body.ts';
import type { Peer } from '../http/peer.ts';
import { InvalidRequest } from '../http/problems.ts';
import { asUser, type Routes } from '../http/request.ts';
import { parseOrder } from '../orders/order.ts';
import { sendResponseOf } from './proxied.ts';

/** Places an order at the shop: checks the customer and the stock, then proxies it to the orders service. */
export const proxiedOrders =
  (owner: Peer, inventory: Peer): Routes =>
  (router) => {
    router.post('/api/orders', async (ctx) => {
      const order = parseOrder(await readJson(ctx.req));
      await asUser(ctx, order.userId, async () => {
        const user = await owner.get(`/api/users/${encodeURIComponent(order.userId)}`);
        if (user.status !== 200) {
          const got = JSON.stringify(order.userId);
          throw new InvalidRequest('the order is not valid', {
            details: [`userId must be a known user, got ${got}`],
          });
        }
        const reserved = await inventory.post('/api/reservations', { items: order.items });
        if (reserved.status !== 200) sendResponseOf(ctx, reserved);
        else sendResponseOf(ctx, await owner.post('/api/orders', order));
      });
    });
  };
