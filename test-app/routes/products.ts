import type { Products } from '../database/products.ts';
import { NotFound } from '../http/problems.ts';
import type { Routes } from '../http/request.ts';

/** The products API of the orders service. */
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
