import { z } from 'zod';

const wanted =
  'a regular expression that Go compiles too: without look-around, back references, \\u, \\c, \\p{…=…}, [^] and repeats above 1000';

/**
 * A regular expression for a Go program, whose syntax is RE2
 * (https://github.com/google/re2/wiki/Syntax). It is checked for what JavaScript and RE2 have in
 * common, with flags such as `(?i)` at the beginning.
 */
export const re2 = z.string(wanted).refine(isRe2, wanted);

export function isRe2(pattern: string): boolean {
  const body = pattern.replace(/^\(\?[imsU]+\)/, '');
  if (body === '') return false;
  if (/\\[1-9kuc]|\\[pP]\{[^}]*=/.test(body)) return false;
  // Without what is escaped, and so means itself.
  const structure = body.replaceAll(/\\./g, 'x');
  if (/\(\?<?[=!]|\(\?<[^=!]|\[\^?\]/.test(structure)) return false;
  const repeats = [...structure.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, ...all]) => all);
  if (repeats.some((times) => Number(times ?? 0) > 1000)) return false;
  try {
    // JavaScript has neither classes such as [:digit:] nor \p{Greek}.
    new RegExp(body.replaceAll(/\[:\^?[a-z]+:\]|\\[pP]\{\^?\w+\}/g, 'x'), 'u');
    return true;
  } catch {
    return false;
  }
}
