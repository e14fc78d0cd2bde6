import type { Cache } from '../database/cache.ts';
import type { Product } from '../database/products.ts';
import { readJson } from '../http/json-body.ts';
import type { Peer } from '../http/peer.ts';
import { InvalidRequest, NotFound, OutOfStock } from '../http/problems.ts';
import type { Routes } from '../http/request.ts';
import { parseItems } from '../orders/order.ts';

/** Checks the stock of the items of an order. */
export const reservations =
  (stock: Cache<Product>, owner: Peer): Routes =>
  (router) => {
    router.post('/api/reservations', async (ctx) => {
      const items = parseItems(await readJson(ctx.req));
      for (const { product, quantity } of items) {
        const known = await stock.get(product, () => load(product, owner));
        if (quantity > known.stock) {
          throw new OutOfStock(`there are only ${known.stock} of ${product}, not ${quantity}`);
        }
      }
      ctx.body = { reserved: items };
    });
  };

async function load(product: string, owner: Peer): Promise<Product> {
  try {
    return await owner.find<Product>(`/api/products/${encodeURIComponent(product)}`);
  } catch (cause) {
    if (!(cause instanceof NotFound)) throw cause;
    const details = [`product must be a known one, got ${JSON.stringify(product)}`];
    throw new InvalidRequest('the items are not valid', { cause, details });
  }
}
