import { InvalidRequest } from '../http/problems.ts';
import type { Routes } from '../http/request.ts';
import type { Random } from '../simulation/random.ts';

const longestMs = 10_000;

/** A request that takes 2 to 5 seconds, or as long as `?ms=` says. */
export const slow =
  (random: Random): Routes =>
  (router) => {
    router.get('/api/slow', async (ctx) => {
      const { ms } = ctx.query;
      const wanted = ms === undefined ? 2000 + 3000 * random.next() : Number(ms);
      if (!(wanted >= 0 && wanted <= longestMs)) {
        throw new InvalidRequest(`ms must be a number from 0 to ${longestMs}, got ${ms}`);
      }
      await random.delay({ medianMs: wanted, sigma: 0 });
      ctx.body = { waitedMs: Math.round(wanted) };
    });
  };
