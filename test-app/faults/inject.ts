import { isQuiet } from '../../lib/telemetry/app-paths.ts';
import { type Handler, routeOf } from '../http/request.ts';
import type { Random } from '../simulation/random.ts';
import { throwError } from './errors.ts';
import type { Faults } from './faults.ts';

/**
 * Applies the faults latency and error-rate at the start of each route, except of probes, which would
 * restart the pod, and of the switches that end a fault.
 */
export function injectFaults(faults: Faults, random: Random): Handler {
  return async (ctx) => {
    if (isQuiet(ctx.path)) return;
    const appliesTo = ({ route }: { route: string }) => route === '' || route === routeOf(ctx);
    const slow = faults.active('latency');
    if (slow && appliesTo(slow) && random.chance(slow.rate)) {
      await random.delay({ medianMs: slow.ms, sigma: 0 });
    }
    const failing = faults.active('error-rate');
    if (failing && appliesTo(failing) && random.chance(failing.rate)) throwError(failing.type);
  };
}
