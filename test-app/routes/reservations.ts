import type { Cache } from '../cache.ts';
import type { Product } from '../database/products.ts';
import { readJson } from '../json-body.ts';
import { parseItems } from '../order.ts';
import type { Peer } from '../peer.ts';
import { InvalidRequest, NotFound, OutOfStock } from '../problems.ts';
import type { Routes } from '../request.ts';

/** Whether there is enough of what a customer wants. */
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
