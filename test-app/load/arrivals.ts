export interface ArrivalsProps {
  /** Customers per second, on average. */
  readonly rate: number;
  /** How many are in the shop at most. Who comes then is turned away. */
  readonly maxInside: number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Waits. Rejects when no one is to come any more. */
  readonly wait: (seconds: number) => Promise<void>;
  /** One customer's visit. Must not reject. */
  readonly visit: () => Promise<void>;
  readonly turnedAway: () => void;
}

/**
 * Lets customers in, whether or not those before them are done, as a crowd does that does not know
 * each other: the time between two is exponentially distributed.
 *
 * @returns when no one is inside any more, after `wait` has rejected
 */
export async function arrivals(props: ArrivalsProps): Promise<void> {
  const inside = new Set<Promise<void>>();
  try {
    while (true) {
      await props.wait(-Math.log(1 - props.random()) / props.rate);
      if (inside.size >= props.maxInside) {
        props.turnedAway();
        continue;
      }
      const visit: Promise<void> = props.visit().finally(() => inside.delete(visit));
      inside.add(visit);
    }
  } catch {
    await Promise.all(inside);
  }
}
