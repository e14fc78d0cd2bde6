import Router from '@koa/router';
import Koa from 'koa';
import { adminPrefix } from '../../lib/telemetry/app-paths.ts';
import { readJson } from '../http/json-body.ts';
import { Problem } from '../http/problems.ts';
import { catalogue, duration } from './catalogue.ts';
import type { Faults } from './faults.ts';
import { parseFault, parseFaultName } from './parse.ts';

/** The admin endpoint for faults. It listens on 127.0.0.1 only; `make fault` reaches it by port-forward. */
export function adminApp(faults: Faults): Koa {
  const router = new Router({ prefix: adminPrefix });
  router.get('/', (ctx) => {
    ctx.body = { active: faults.list(), catalogue, duration };
  });
  router.put('/:name', async (ctx) => {
    faults.start(parseFault(ctx.params.name, await readJson(ctx.req)));
    ctx.body = { active: faults.list() };
  });
  router.delete('/:name', (ctx) => {
    faults.stop(parseFaultName(ctx.params.name));
    ctx.body = { active: faults.list() };
  });
  router.delete('/', (ctx) => {
    faults.stopAll();
    ctx.body = { active: [] };
  });

  const app = new Koa();
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      ctx.status = error.status;
      ctx.body = { error: error.message };
    }
  });
  app.use(router.routes());
  return app;
}
