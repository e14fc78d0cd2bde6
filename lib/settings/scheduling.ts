import { z } from 'zod';
import { text } from './units.ts';

/**
 * The scheduling fields of a pod in the shape of the Kubernetes API, with the rules by which the API
 * server validates them (https://kubernetes.io/docs/concepts/scheduling-eviction/).
 */

const namePart = '[A-Za-z0-9]([-\\w.]{0,61}[A-Za-z0-9])?';

/** Qualified names, which are the keys of labels, annotations and taints. */
export const qualifiedNamePattern = new RegExp(
  `^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?${namePart}$`,
);

export const qualifiedName = text(qualifiedNamePattern, 'a key such as pool or example.com/pool');

export const labelValue = text(
  new RegExp(`^(${namePart})?$`),
  'a label value in quotes: at most 63 letters, digits, - _ and .',
);

const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, `one of ${values.join(', ')}`);

const from = (least: number, most: number) => {
  const wanted = `a whole number from ${least} to ${most}`;
  return z.int(wanted).min(least, wanted).max(most, wanted);
};

const largestInt = 2 ** 31 - 1;

interface Wrong {
  readonly field: string;
  readonly message: string;
}

/** A check that reports at most one field of an object. */
const fieldCheck =
  <T extends object>(find: (value: T) => Wrong | undefined) =>
  ({ value, issues }: z.core.ParsePayload<T>): void => {
    const found = find(value);
    if (found === undefined) return;
    const input: unknown = Object.entries(value).find(([key]) => key === found.field)?.[1];
    issues.push({ code: 'custom', input, path: [found.field], message: found.message });
  };

export const toleration = z
  .strictObject({
    key: qualifiedName.optional(),
    operator: oneOf('Exists', 'Equal').optional(),
    value: labelValue.optional(),
    effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute').optional(),
    tolerationSeconds: z.int('a whole number of seconds').optional(),
  })
  .check(
    fieldCheck(({ key, operator, value, effect, tolerationSeconds }) => {
      if (key === undefined && operator !== 'Exists') {
        return { field: 'operator', message: 'Exists, because there is no key' };
      }
      if (operator === 'Exists' && value) {
        return { field: 'value', message: 'no value, because the operator is Exists' };
      }
      return tolerationSeconds !== undefined && effect !== 'NoExecute'
        ? { field: 'tolerationSeconds', message: 'no seconds, unless the effect is NoExecute' }
        : undefined;
    }),
  )
  .meta({ id: 'Toleration' });

interface Requirement {
  readonly operator: string;
  readonly values?: readonly string[];
}

function wrongValues({ operator, values = [] }: Requirement): Wrong | undefined {
  const [field, count] = ['values', values.length];
  if (/^(In|NotIn)$/.test(operator)) {
    return count > 0 ? undefined : { field, message: `at least one value for ${operator}` };
  }
  if (/^(Gt|Lt)$/.test(operator)) {
    const whole = count === 1 && /^-?\d+$/.test(values[0] ?? '');
    return whole ? undefined : { field, message: `one whole number in quotes for ${operator}` };
  }
  return count === 0 ? undefined : { field, message: `no values for ${operator}` };
}

const values = z.array(labelValue).optional();

const nodeSelectorTerm = z
  .strictObject({
    matchExpressions: z
      .array(
        z
          .strictObject({
            key: qualifiedName,
            operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
            values,
          })
          .check(fieldCheck(wrongValues)),
      )
      .optional(),
    matchFields: z
      .array(
        z.strictObject({
          key: z.literal('metadata.name', 'metadata.name'),
          operator: oneOf('In', 'NotIn'),
          values: z.array(z.string()).length(1, 'one name of a node'),
        }),
      )
      .optional(),
  })
  .meta({ id: 'NodeSelectorTerm' });

const labelSelector = z
  .strictObject({
    matchLabels: z.record(z.string(), labelValue).optional(),
    matchExpressions: z
      .array(
        z
          .strictObject({
            key: qualifiedName,
            operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'),
            values,
          })
          .check(fieldCheck(wrongValues)),
      )
      .optional(),
  })
  .meta({ id: 'LabelSelector' });

const topologyKey = qualifiedName.describe('Label of nodes, such as kubernetes.io/hostname');
const labelKeys = z.array(qualifiedName).optional();

const podAffinityTerm = z
  .strictObject({
    labelSelector: labelSelector.optional(),
    matchLabelKeys: labelKeys,
    mismatchLabelKeys: labelKeys,
    namespaces: z.array(z.string()).optional(),
    namespaceSelector: labelSelector.optional(),
    topologyKey,
  })
  .meta({ id: 'PodAffinityTerm' });

const weight = from(1, 100);

const podAffinity = z
  .strictObject({
    requiredDuringSchedulingIgnoredDuringExecution: z.array(podAffinityTerm).optional(),
    preferredDuringSchedulingIgnoredDuringExecution: z
      .array(z.strictObject({ weight, podAffinityTerm }))
      .optional(),
  })
  .meta({ id: 'PodAffinity' });

export const affinity = z
  .strictObject({
    nodeAffinity: z
      .strictObject({
        requiredDuringSchedulingIgnoredDuringExecution: z
          .strictObject({
            nodeSelectorTerms: z.array(nodeSelectorTerm).min(1, 'at least one term'),
          })
          .optional(),
        preferredDuringSchedulingIgnoredDuringExecution: z
          .array(z.strictObject({ weight, preference: nodeSelectorTerm }))
          .optional(),
      })
      .optional(),
    podAffinity: podAffinity.optional(),
    podAntiAffinity: podAffinity.optional(),
  })
  .meta({ id: 'Affinity' });

const policy = oneOf('Honor', 'Ignore').optional();

export const topologySpreadConstraint = z
  .strictObject({
    maxSkew: from(1, largestInt),
    topologyKey,
    whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway'),
    labelSelector: labelSelector
      .optional()
      .describe('Pods that are counted. Unset: those of the same component'),
    matchLabelKeys: labelKeys,
    minDomains: from(1, largestInt).optional(),
    nodeAffinityPolicy: policy,
    nodeTaintsPolicy: policy,
  })
  .check(
    fieldCheck(({ minDomains, whenUnsatisfiable }) =>
      minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule'
        ? { field: 'minDomains', message: 'no number, unless whenUnsatisfiable is DoNotSchedule' }
        : undefined,
    ),
  )
  .meta({ id: 'TopologySpreadConstraint' });
