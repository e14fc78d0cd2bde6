/** The first mistake of a text that is YAML, but not JSON; undefined if it is JSON. */
export function jsonMistake(text: string): { offset: number; message: string } | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const { message } = error as SyntaxError;
    return {
      offset: offsetOf(message, text),
      message: message.replace(/, .*$| in JSON at.*$/s, ''),
    };
  }
}

/** Engines give the position, or the text around it: ten characters before and after. */
function offsetOf(message: string, text: string): number {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  if (position !== undefined) return Number(position);
  const [, token = '', cut, around = ''] =
    /^Unexpected token '(.)', (\.\.\.)?"(.*)"(?:\.\.\.)? is not/s.exec(message) ?? [];
  const start = text.indexOf(around);
  if (around === '' || start < 0) return text.length;
  return start + (cut === undefined ? Math.max(around.indexOf(token), 0) : 10);
}
