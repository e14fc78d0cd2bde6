import type { z } from 'zod';

/**
 * Credentials in plain text would be in a ConfigMap, or in the pod's specification, which more people
 * may read than Secrets.
 */

/** Keys of configurations, headers and flags whose values are credentials, in any of their spellings. */
const credentialKey =
  /(password|passwd|secret|token|credentials|authorization|(api|access|secret|private|routing|service|integration)[-_]?key)$/i;

/** What a component replaces by the value of an environment variable or of a file. */
const reference = /\$(__\w+)?\{[^}]+\}/;

const urlWithPassword = /^\w+:\/\/[^/@\s]*:[^/@\s]+@/;

const flag = /^--?([\w.-]+)=(.+)$/s;

type Path = readonly (string | number)[];

/** Where a value has credentials in plain text. */
export function plainCredentials(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return isPlainCredential(value, path) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, below]) =>
    plainCredentials(below, [...path, isList ? Number(key) : key]),
  );
}

function isPlainCredential(value: string, path: Path): boolean {
  if (value === '' || reference.test(value)) return false;
  const [, name = '', argument = ''] = flag.exec(value) ?? [];
  const key = path.findLast((part) => typeof part === 'string') ?? '';
  return (
    credentialKey.test(String(key)) ||
    urlWithPassword.test(value) ||
    credentialKey.test(name) ||
    urlWithPassword.test(argument)
  );
}

/** The variables that a value takes from the environment, with `${NAME}` or `${env:NAME}`. */
export function environmentReferences(value: unknown): string[] {
  const found = JSON.stringify(value).matchAll(/(?<!\$)\$\{(?:env:)?(\w+)\}/g);
  return [...new Set([...found].map(([, name = '']) => name))];
}

/** Refuses credentials in plain text in some settings of a component. The message does not repeat them. */
export function refuseCredentials<Key extends string>(
  keys: readonly Key[],
  wanted: string,
): z.core.CheckFn<Readonly<Record<Key, unknown>>> {
  return ({ value, issues }) => {
    for (const key of keys) {
      for (const path of plainCredentials(value[key], [key])) {
        issues.push({
          code: 'custom',
          input: '(hidden)',
          path: [...path],
          message: `no credential in plain text: ${wanted}`,
        });
      }
    }
  };
}
