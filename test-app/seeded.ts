import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

/**
 * Numbers from 0 up to, not including, 1, the same for the same seed. A small seed gives good ones
 * from the first on, which not every generator does: with xoroshiro128+ the first is almost 1, and
 * the first customer would come after a minute.
 */
export function seeded(seed: number): () => number {
  const generator = mersenne(seed);
  return () => uniformFloat64(generator);
}
