import { readJson } from '../json-body.ts';
import { parseOrder } from '../order.ts';
import type { Answer, Peer } from '../peer.ts';
import { InvalidRequest } from '../problems.ts';
import { identifyUser, type RouteContext, type Routes } from '../request.ts';
import { findUser } from '../users.ts';

/** The orders as the shop offers them: every request is one HTTP hop to their owner. */
export const relayedOrders =
  (owner: Peer): Routes =>
  (router) => {
    router.get('/api/orders', async (ctx) => {
      relay(ctx, await owner.get('/api/orders'));
    });

    router.get('/api/orders/:id', async (ctx) => {
      relay(ctx, await owner.get(`/api/orders/${encodeURIComponent(ctx.params.id ?? '')}`));
    });

    router.post('/api/orders', async (ctx) => {
      const order = parseOrder(await readJson(ctx.req));
      // Only the shop knows the users, so only here an unknown one can be refused.
      if (!findUser(order.userId)) {
        throw new InvalidRequest('the order is not valid', {
          details: [`userId must be a known user, got ${JSON.stringify(order.userId)}`],
        });
      }
      identifyUser(ctx, order.userId);
      relay(ctx, await owner.post('/api/orders', order));
    });
  };

function relay(ctx: RouteContext, answer: Answer): void {
  ctx.status = answer.status;
  ctx.body = answer.body;
}
