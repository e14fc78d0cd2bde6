import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from './seeded.ts';

/** A log-normal distribution of latencies. */
export interface Latency {
  readonly medianMs: number;
  /** Standard deviation of the logarithm: at 0.5 the P99 is 3.2 times the median. @default 0.5 */
  readonly sigma?: number;
  /** The maximum. @default - ten times the median */
  readonly maxMs?: number;
}

/** The random numbers of the simulation. The same seed gives the same sequence. */
export interface Random {
  readonly seed: number;
  /** From 0 up to, not including, 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A latency drawn from a log-normal distribution. */
  milliseconds(latency: Latency): number;
  /** Waits for such a latency. */
  delay(latency: Latency): Promise<void>;
}

/** @param factor on all delays; 0 switches them off, as tests do */
export function createRandom(seed: number = randomInt(2 ** 31), factor = 1): Random {
  const next = seeded(seed);
  /** Box-Muller transform. */
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const milliseconds = ({ medianMs, sigma = 0.5, maxMs = 10 * medianMs }: Latency) =>
    Math.min(medianMs * Math.exp(sigma * normal()), maxMs) * factor;
  return {
    seed,
    next,
    chance: (probability) => next() < probability,
    milliseconds,
    async delay(latency) {
      const duration = milliseconds(latency);
      if (duration > 0) await sleep(duration);
    },
  };
}
