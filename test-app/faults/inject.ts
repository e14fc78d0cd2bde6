import type { Random } from '../random.ts';
import { type Handler, routeOf } from '../request.ts';
import { throwError } from './errors.ts';
import type { Faults } from './faults.ts';

/** What the faults do to requests, at the start of each route. */
export function injectFaults(faults: Faults, random: Random): Handler {
  return async (ctx) => {
    const concerns = ({ route }: { route: string }) => route === '' || route === routeOf(ctx);
    const slow = faults.active('latency');
    if (slow && concerns(slow) && random.chance(slow.rate)) {
      await random.delay({ medianMs: slow.ms, sigma: 0 });
    }
    const failing = faults.active('error-rate');
    if (failing && concerns(failing) && random.chance(failing.rate)) throwError(failing.type);
  };
}
