import { performance } from 'node:perf_hooks';

let forPeople: NodeJS.WriteStream = process.stdout;

/** One line for the person who ran the command. */
export function say(line = ''): void {
  forPeople.write(`${line}\n`);
}

/** Leaves standard output to one JSON document; what is said to people goes beside it. */
export function sayBesideJson(): void {
  forPeople = process.stderr;
}

/** That document. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** One line that a person should not miss, but that stops nothing. */
export function warn(line: string): void {
  process.stderr.write(`warning: ${line}\n`);
}

/** Whole seconds since `start`, a value of performance.now(). */
export function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 1000);
}

/** Does one step of several and says how long it took. `done` makes the line from the result. */
export async function step<T>(work: () => Promise<T>, done: (result: T) => string): Promise<T> {
  const start = performance.now();
  const result = await work();
  say(`${done(result)} (${secondsSince(start)} s)`);
  return result;
}

/** Rows as columns, each as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) => indent + row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}
