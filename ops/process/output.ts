import { performance } from 'node:perf_hooks';

let textStream: NodeJS.WriteStream = process.stdout;

/** Whether this is TypeScript in a checkout of the repository, not JavaScript in the package. */
export const isCheckout = import.meta.filename.endsWith('.ts');

/** A text with the commands of a checkout, for users of the package. */
export function withPackageCommands(text: string): string {
  // Without --no, npx would download the npm package of that name, which belongs to someone else.
  return text.replaceAll('./mantis ', 'npx --no mantis ');
}

const localized = (text: string) => (isCheckout ? text : withPackageCommands(text));

export function print(line = ''): void {
  textStream.write(`${localized(line)}\n`);
}

/** From now on text goes to standard error, so that standard output is one JSON document. */
export function printToStderr(): void {
  textStream = process.stderr;
}

export function printJson(document: unknown): void {
  process.stdout.write(`${localized(JSON.stringify(document, null, 2))}\n`);
}

export function printWarning(line: string): void {
  printError(`warning: ${line}`);
}

export function printError(text: string): void {
  process.stderr.write(`${localized(text)}\n`);
}

/** Whole seconds since `start`, a value of performance.now(). */
export function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 1000);
}

/** Runs one step of a command, then prints its description and how long it took. */
export async function runStep<T>(work: () => Promise<T>, text: (result: T) => string): Promise<T> {
  const start = performance.now();
  const result = await work();
  print(`${text(result)} (${secondsSince(start)} s)`);
  return result;
}

/** Formats rows as columns, each as wide as its widest cell. */
export function formatTable(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) => indent + row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}
