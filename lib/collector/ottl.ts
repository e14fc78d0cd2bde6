/**
 * Text in OTTL, the collector's language for conditions and statements
 * (https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/main/pkg/ottl/LANGUAGE.md).
 */

/**
 * Any text as a literal of OTTL: quoted as in Go, which JSON's escapes are a part of. The collector
 * expands `$` in all of its configuration, so a literal one is doubled.
 */
export function literal(text: string): string {
  return JSON.stringify(text).replaceAll('$', '$$$$');
}

/** A literal list of texts. */
export function literals(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`;
}

/** The regular expression that matches a text as a whole if one of these names does; `*` is anything. */
export function wildcards(names: readonly string[]): string {
  const each = names.map((name) =>
    name
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*'),
  );
  return `(?s)^(?:${each.join('|')})$`;
}

/** A condition: a text is one of these names. */
export function isOneOf(path: string, names: readonly string[]): string {
  const [only] = names;
  if (names.length === 1 && only !== undefined && !only.includes('*')) {
    return `${path} == ${literal(only)}`;
  }
  return `IsMatch(${path}, ${literal(wildcards(names))})`;
}
