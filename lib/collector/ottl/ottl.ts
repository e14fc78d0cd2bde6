/**
 * Literals and conditions of OTTL, the collector's language for conditions and statements
 * (https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/main/pkg/ottl/LANGUAGE.md).
 */

/**
 * A string literal of OTTL, with JSON's escapes, which are valid in Go too. The collector expands
 * `$` in its whole configuration, so a literal `$` is doubled.
 */
export function literal(text: string): string {
  return JSON.stringify(text).replaceAll('$', '$$$$');
}

/**
 * A regular expression that matches a whole string if one of these names does; `*` matches
 * anything.
 */
export function wildcards(names: readonly string[]): string {
  const each = names.map((name) =>
    name
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*'),
  );
  return `(?s)^(?:${each.join('|')})$`;
}

/** Attributes as one text; `String` fails on numbers that JSON does not have, such as NaN. */
export function attributesAsText(attributes: string): string {
  return `ToKeyValueString(${attributes})`;
}

/** The condition that a string equals one of these names, in which `*` matches anything. */
export function isOneOf(path: string, names: readonly string[]): string {
  const [only] = names;
  if (names.length === 1 && only !== undefined && !only.includes('*')) {
    return `${path} == ${literal(only)}`;
  }
  return `IsMatch(${path}, ${literal(wildcards(names))})`;
}
