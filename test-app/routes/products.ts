import type { Products } from '../database/products.ts';
import { NotFound } from '../problems.ts';
import type { Routes } from '../request.ts';

/** What there is to buy, at the service that owns it. */
export const products =
  (catalogue: Products): Routes =>
  (router) => {
    router.get('/api/products', async (ctx) => {
      ctx.body = await catalogue.list();
    });

    router.get('/api/products/:id', async (ctx) => {
      const product = await catalogue.find(ctx.params.id ?? '');
      if (!product) throw new NotFound(`there is no product ${ctx.params.id}`);
      ctx.body = product;
    });
  };
