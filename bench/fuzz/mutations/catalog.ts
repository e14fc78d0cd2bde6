import type { ItemType } from '../../delivery/numbered-batch.ts';
import { attributeMutations } from './attributes.ts';
import { logMutations } from './logs.ts';
import { metricMutations } from './metrics.ts';
import type { Mutation } from './mutation.ts';
import { type MetricType, metricTypes } from './odd-item.ts';
import { pointMutations } from './points.ts';
import { spanMutations } from './spans.ts';

const mutations: readonly Mutation[] = [
  ...attributeMutations,
  ...logMutations,
  ...spanMutations,
  ...metricMutations,
  ...pointMutations,
];

/** The structural mutations of a type, each with its own `kind`. */
export function mutationsFor(type: ItemType): Mutation[] {
  return mutations.filter(({ types }) => types === undefined || types.includes(type));
}

/** The metric types that a mutation is for. */
export function metricTypesOf({ metrics }: Mutation): readonly [MetricType, ...MetricType[]] {
  return metrics ?? metricTypes;
}
