import type { ItemType } from '../../delivery/numbered-batch.ts';
import type { MetricType, MutatedItem } from './odd-item.ts';
import type { Random } from './random.ts';

/** A change to a well-formed item that is valid protobuf. */
export interface Mutation {
  readonly kind: string;
  readonly apply: (odd: MutatedItem, random: Random) => void;
  /** @default - all types */
  readonly types?: readonly ItemType[];
  /** The metric types that it is for. @default - all */
  readonly metrics?: readonly [MetricType, ...MetricType[]];
  /** It changes the resource or the scope, so good items cannot be beside the odd one there. */
  readonly outer?: true;
  /**
   * It makes an exponential histogram that contradicts itself, for which Prometheus rejects the whole
   * request (docs/troubleshooting.md), so no good items are in it.
   */
  readonly contradictory?: true;
  /** It leaves nothing that a store could keep, such as a metric without data points. */
  readonly empty?: true;
  /** It removes the attributes by which a sample is found. */
  readonly unmarked?: true;
}

/** The character for which bytes are written that are not valid UTF-8. */
export const invalidUtf8 = '\uE0FF';

const max = '18446744073709551615';
const day = 86_400_000_000_000n;

/** Times that are odd, in nanoseconds, from now. */
export const oddTimes = {
  'time 0': () => '0',
  'time of one nanosecond': () => '1',
  'greatest time': () => max,
  'time above the signed maximum': () => '9223372036854775808',
  'an hour ahead': (now: bigint) => String(now + day / 24n),
  'a year ahead': (now: bigint) => String(now + 365n * day),
  'two hours old': (now: bigint) => String(now - day / 12n),
  'two days old': (now: bigint) => String(now - 2n * day),
  'ten years old': (now: bigint) => String(now - 3650n * day),
} as const;

/** A mutation for each odd time. */
export function timeMutations(
  field: string,
  types: readonly ItemType[],
  times = Object.entries(oddTimes),
): Mutation[] {
  return times.map(([what, time]) => ({
    kind: `${field}: ${what}`,
    types,
    apply: ({ item }) => {
      item[field] = time(BigInt(String(item[field])));
    },
  }));
}
