export interface ArrivalsProps {
  /** Customers per second, on average. */
  readonly rate: number;
  /** The maximum number of concurrent visits; further customers are turned away. */
  readonly maxConcurrent: number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Rejects to end the arrivals. */
  readonly wait: (seconds: number) => Promise<void>;
  /** One customer's visit. Must not reject. */
  readonly visit: () => Promise<void>;
  readonly turnedAway: () => void;
}

/**
 * Starts visits at a rate that does not depend on earlier visits (an open model): the times between
 * them are exponentially distributed.
 *
 * @returns after `wait` has rejected, when all visits have ended
 */
export async function arrivals(props: ArrivalsProps): Promise<void> {
  const inside = new Set<Promise<void>>();
  try {
    while (true) {
      await props.wait(-Math.log(1 - props.random()) / props.rate);
      if (inside.size >= props.maxConcurrent) {
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
