import type { JourneyName } from './journeys.ts';

export type Mix = Readonly<Partial<Record<JourneyName, number>>>;

/** The weight of each journey, by name of the mix. */
export const mixes = {
  // Far fewer errors than the 5 % that cause an alert.
  default: { browse: 52, order: 36, mistake: 5, signUp: 2, chain: 3, slow: 1, error: 1 },
  browse: { browse: 1 },
  checkout: { browse: 2, order: 17, mistake: 1 },
  errors: { browse: 3, mistake: 3, error: 4 },
  slow: { browse: 1, slow: 1 },
} satisfies Record<string, Mix>;

export type MixName = keyof typeof mixes;

export const mixNames: readonly MixName[] = ['default', 'browse', 'checkout', 'errors', 'slow'];

/** Selects a journey by its weight. @param random from 0 to below 1 */
export function pickJourney(mix: Mix, random: number): JourneyName {
  const shares = sharesOf(mix);
  const all = shares.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random * all;
  for (const [name, weight] of shares) {
    left -= weight;
    if (left < 0) return name;
  }
  return 'browse';
}

function sharesOf(mix: Mix): [JourneyName, number][] {
  const names = Object.keys(mix) as JourneyName[];
  return names.map((name) => [name, mix[name] ?? 0]);
}
