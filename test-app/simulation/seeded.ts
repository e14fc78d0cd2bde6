import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

/**
 * Pseudo-random numbers from 0 to below 1, the same for the same seed. Mersenne, because others start
 * badly with a small seed: the first number of xoroshiro128+ is almost 1, so that the first customer
 * would arrive after a minute.
 */
export function seeded(seed: number): () => number {
  const generator = mersenne(seed);
  return () => uniformFloat64(generator);
}
