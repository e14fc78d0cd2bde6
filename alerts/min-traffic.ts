import type { Settings } from '../lib/schema.ts';

/**
 * The condition that a rate per second is at least alerts.minRequestsPerMinute. With sampling as
 * many traces have to be kept, because rates of fewer traces fluctuate.
 */
export function minTraffic(rate: string, { alerts, collector }: Settings): string {
  const { sampling } = collector;
  const ratio = sampling.mode === 'none' ? 1 : sampling.keep;
  return `${rate} * 60 >= ${Number((alerts.minRequestsPerMinute / ratio).toFixed(2))}`;
}
