import type { Peer } from '../peer.ts';
import type { Routes } from '../request.ts';
import type { RoleName } from '../variables.ts';

interface Link {
  readonly service: RoleName;
  /** How long this service and those behind it took. */
  readonly milliseconds: number;
  readonly next?: Link;
}

/** A request that goes through all services, one hop after the other. */
export const chain =
  (service: RoleName, next?: Peer): Routes =>
  (router) => {
    router.get('/api/chain', async (ctx) => {
      const start = performance.now();
      const behind = next && (await next.find<Link>('/api/chain'));
      const milliseconds = Math.round((performance.now() - start) * 10) / 10;
      const link: Link = { service, milliseconds, ...(behind && { next: behind }) };
      ctx.body = link;
    });
  };
