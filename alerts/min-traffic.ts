import type { Settings } from '../lib/schema.ts';

/**
 * Whether a service gets enough requests to be judged: a condition on a rate per second. Of sampled
 * traces as many have to be kept, because rates of fewer jump.
 */
export function enoughRequests(rate: string, { alerts, collector }: Settings): string {
  const { sampling } = collector;
  const share = sampling.mode === 'none' ? 1 : sampling.keep;
  return `${rate} * 60 >= ${Number((alerts.minRequestsPerMinute / share).toFixed(2))}`;
}
