import type { z } from 'zod';

/**
 * Credentials in plain text would be in a ConfigMap, or in the pod's specification, which more people
 * may read than Secrets. The keys of well-known configurations are recognised; it is no proof.
 */

/** Keys of configurations, headers and flags whose values are credentials, in any of their spellings. */
const credentialKey =
  /(password|passwd|passphrase|secret|token|credentials|authorization|key_pem|connstr|connection_?string|(webhook|slack_api)_url|honeycomb-team|(api|access|secret|private|integration|account|user|license|ingest|ingestion|auth|app|application)[-_.]?key)$/i;

/** Of PagerDuty and Opsgenie; elsewhere `routing_key` is the name of an attribute. */
const alertKey = /(pagerduty|opsgenie).*\.(routing|service|api)_key$/i;

/** Values that are credentials whatever their key. */
const credentialValues = [
  /^\w+:\/\/[^/@\s]*:[^/@\s]+@/,
  /^[^\s:@/]+:[^\s@/]+@\w+\(/,
  /[?&](api_?key|token|password|secret|sig)=[^&\s]+/i,
  /(^|[\s;])(password|pwd)=[^\s;]+/i,
  /^(bearer|basic) [\w.~+/=-]{6,}$/i,
];

const scheme = /^(bearer|basic|apikey|token|splunk)\s+/i;

type Path = readonly (string | number)[];

/** What a component replaces in its settings by the value of an environment variable or of a file. */
export type Reference = RegExp | undefined;

/** Where a value has credentials in plain text. */
export function plainCredentials(value: unknown, reference: Reference, path: Path = []): Path[] {
  if (typeof value === 'string' || typeof value === 'number') {
    return isPlainCredential(value, reference, path) ? [path] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, below]) =>
    plainCredentials(below, reference, [...path, isList ? Number(key) : key]),
  );
}

function isPlainCredential(value: string | number, reference: Reference, path: Path): boolean {
  const plain =
    reference === undefined ? String(value) : String(value).replaceAll(reference, '').trim();
  if (credentialValues.some((pattern) => pattern.test(plain))) return true;
  const keys = path.filter((part) => typeof part === 'string');
  // The list of values of a header in http_headers of Prometheus.
  const key = keys.findLast((part) => part !== 'values') ?? '';
  if (!credentialKey.test(key) && !alertKey.test(keys.join('.'))) return false;
  return `${plain} `.replace(scheme, '').trim() !== '';
}

/** Which arguments of a program are credentials in plain text: `-name=value`, or `-name` and `value`. */
export function plainArguments(args: readonly string[], reference: Reference): number[] {
  return args.flatMap((argument, index) => {
    const [, name = '', value = args[index + 1] ?? ''] =
      /^--?([\w.-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const isFlag = value.startsWith('-');
    return !isFlag && plainCredentials({ [name]: value }, reference).length > 0 ? [index] : [];
  });
}

/** Variables of every container, which are no keys of the user's Secret. */
const builtInVariables = ['HOSTNAME', 'GOMEMLIMIT', 'OTEL_RESOURCE_ATTRIBUTES'];

/** The variables that a value takes from the user's Secret, with `${NAME}` or `${env:NAME}`. */
export function environmentReferences(value: unknown): string[] {
  const found = JSON.stringify(value).matchAll(/(?<!\$)\$\{(?:env:)?(\w+)\}/g);
  const names = [...found].map(([, name = '']) => name);
  return [...new Set(names)].filter((name) => !builtInVariables.includes(name));
}

interface Place {
  /** What the component expands there. @default - nothing */
  readonly reference?: RegExp;
  /** What to write instead. */
  readonly wanted: string;
}

/** Refuses credentials in plain text in some settings of a component. The message does not repeat them. */
export function refuseCredentials<Key extends string>(
  keys: readonly Key[],
  { reference, wanted }: Place,
): z.core.CheckFn<Readonly<Record<Key, unknown>>> {
  return ({ value, issues }) => {
    for (const key of keys) {
      for (const path of plainCredentials(value[key], reference, [key])) {
        issues.push(plainText([...path], wanted));
      }
    }
  };
}

/** The same for extraArgs, in which Kubernetes replaces `$(NAME)`. */
export function refuseCredentialArguments(
  wanted: string,
): z.core.CheckFn<{ readonly extraArgs: readonly string[] }> {
  return ({ value, issues }) => {
    for (const index of plainArguments(value.extraArgs, /\$\(\w+\)/g)) {
      issues.push(plainText(['extraArgs', index], wanted));
    }
  };
}

const plainText = (path: PropertyKey[], wanted: string) => ({
  code: 'custom' as const,
  input: '(hidden)',
  path,
  message: `no credential in plain text: ${wanted}`,
});

/** Refuses variables in a setting without the Secret that has them: they would stay as they are. */
export function requireSecretFor<Key extends string>(
  key: Key,
): z.core.CheckFn<Readonly<Record<Key, unknown>> & { readonly secret?: string }> {
  return ({ value, issues }) => {
    const [variable] = environmentReferences(value[key]);
    if (variable === undefined || value.secret !== undefined) return;
    const message = `the name of the Secret with the key ${variable}`;
    issues.push({ code: 'custom', input: undefined, path: ['secret'], message });
  };
}
