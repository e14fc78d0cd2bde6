import type { Scalar } from 'yaml';

/**
 * Where a character of a scalar's value is in the text of the file; where YAML folds lines or
 * replaces escapes, the beginning of the scalar.
 */
export function offsetInScalar(scalar: Scalar, text: string, index: number): number {
  const [start = 0, end = 0] = scalar.range ?? [];
  const value = String(scalar.value);
  const source = text.slice(start, end);
  if (source.startsWith(value)) return start + index;
  if (/^['"]/.test(source) && source.slice(1).startsWith(value)) return start + 1 + index;
  if (!source.startsWith('|')) return start;
  const before = value.slice(0, index).split('\n');
  const lines = source.split('\n');
  const indent = /^ */.exec(lines.find((line, n) => n > 0 && line.trim() !== '') ?? '')?.[0] ?? '';
  const header = lines.slice(0, before.length).join('\n').length + 1;
  return start + header + indent.length + (before.at(-1)?.length ?? 0);
}
