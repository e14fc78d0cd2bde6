import { NotFound } from '../problems.ts';
import { identifyUser, type Routes } from '../request.ts';
import { findUser, knownUsers } from '../users.ts';

/** The customers, owned by the shop itself. */
export const users: Routes = (router) => {
  router.get('/api/users', (ctx) => {
    ctx.body = knownUsers;
  });

  router.get('/api/users/:id', (ctx) => {
    const user = findUser(ctx.params.id);
    if (!user) throw new NotFound(`there is no user ${ctx.params.id}`);
    identifyUser(ctx, user.id);
    ctx.body = user;
  });
};
