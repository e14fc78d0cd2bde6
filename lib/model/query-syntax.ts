import type { Parser } from '@lezer/common';

/** The offsets at which a text is not of a query language, by the grammar of its editor. */
export function syntaxErrors(parser: Parser, text: string): number[] {
  const found: number[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from }) => {
      if (type.isError) found.push(from);
    },
  });
  return found;
}
