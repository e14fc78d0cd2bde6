import type { Users } from '../database/users.ts';
import { readJson } from '../http/json-body.ts';
import { InvalidRequest, NotFound } from '../http/problems.ts';
import { isRecord } from '../http/record.ts';
import { identifyUser, type Routes } from '../http/request.ts';
import { isName } from '../orders/order.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** The users API of the orders service. */
export const users =
  (customers: Users, metrics: Metrics): Routes =>
  (router) => {
    metrics.signups.add(0);

    router.get('/api/users', async (ctx) => {
      ctx.body = await customers.list();
    });

    router.get('/api/users/:id', async (ctx) => {
      const user = await customers.find(ctx.params.id ?? '');
      if (!user) throw new NotFound(`there is no user ${ctx.params.id}`);
      identifyUser(ctx, user.id);
      ctx.body = user;
    });

    router.post('/api/users', async (ctx) => {
      const body = await readJson(ctx.req);
      const name = isRecord(body) ? body.name : undefined;
      if (!isName(name)) {
        const details = ['name must be a string of 1 to 100 characters'];
        throw new InvalidRequest('the user is not valid', { details });
      }
      const user = await customers.add(name);
      metrics.signups.add(1);
      identifyUser(ctx, user.id);
      ctx.status = 201;
      ctx.body = user;
    });
  };
