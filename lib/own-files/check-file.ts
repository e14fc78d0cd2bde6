import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { jsonMistake } from './json-mistake.ts';
import type { OwnFile } from './own-files.ts';
import { offsetInScalar } from './scalar-offset.ts';

type Path = readonly PropertyKey[];

/** A file of the user's, parsed, with its mistakes. */
export interface CheckedFile<T> {
  readonly file: OwnFile;
  /** Undefined if the file is not of the schema. */
  readonly value?: T;
  /** One line each: file, line, column, and what is wrong. */
  readonly mistakes: readonly string[];
  /**
   * One more mistake.
   *
   * @param path where in the file
   * @param offset index in the string at that path. @default - the beginning of the value
   */
  readonly mistake: (path: Path, message: string, offset?: number) => string;
}

/** The limit is for the whole object, and the file is JSON in JSON. */
const maxSize = 255 * 1024;

/** Parses a file of YAML, or of JSON by its name, and checks it with a schema. */
export function checkFile<T>(file: OwnFile, schema: z.ZodType<T>): CheckedFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(file.text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
  });
  const at = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset);
    return `${file.path}:${line}:${col}: ${message}`;
  };

  /** The offset of the value, or of the nearest one that contains it. */
  const offsetOf = (path: Path, inString?: number): number => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      if (range === undefined || range === null) continue;
      if (inString === undefined || !isScalar(node)) return range[0];
      return offsetInScalar(node, file.text, inString);
    }
    return 0;
  };
  const keyOffset = (path: Path, key: string): number => {
    const map = document.getIn(path, true);
    const keys = isMap(map) ? map.items.map((pair) => pair.key) : [];
    const found = keys.find((each) => isScalar(each) && each.value === key);
    return isScalar(found) && found.range ? found.range[0] : offsetOf(path);
  };
  const mistake: CheckedFile<T>['mistake'] = (path, message, offset) =>
    at(offsetOf(path, offset), message);

  const refused = (mistakes: string[]) => ({ file, mistakes, mistake });
  const size = new TextEncoder().encode(JSON.stringify(file.text)).length;
  if (size > maxSize) {
    return refused([
      `${file.path}: ${Math.ceil(size / 1024)} KiB as part of an object, wanted at most ${maxSize / 1024} KiB: split it, or remove white space`,
    ]);
  }
  const parsed = parse(file, document);
  if ('message' in parsed) return refused([at(parsed.offset, parsed.message)]);
  const result = schema.safeParse(parsed.input, { reportInput: true });
  if (result.success) return { file, value: result.data, mistakes: [], mistake };
  return refused(
    result.error.issues.flatMap((issue) => {
      const path = issue.path.join('.');
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) =>
          at(keyOffset(issue.path, key), `${path === '' ? key : `${path}.${key}`}: no such key`),
        );
      }
      const wanted = issue.message.replace(/^Invalid input: expected (\w+).*$/, '$1');
      const where = path === '' ? '' : `${path}: `;
      return mistake(issue.path, `${where}got ${got(issue.input)}, wanted ${wanted}`);
    }),
  );
}

/**
 * Checks a value that is given in code with a schema.
 *
 * @param file the file that is written from it; messages name its source
 * @param prefix the length of the path that the file has and the value has not
 */
export function checkValue<T>(
  file: OwnFile,
  value: unknown,
  schema: z.ZodType<T>,
  prefix = 0,
): CheckedFile<T> {
  const { path: name, source = name } = file;
  const mistake: CheckedFile<T>['mistake'] = (path, message, offset) => {
    const character = offset === undefined ? '' : `character ${offset + 1}`;
    const parts = [source, path.slice(prefix).join('.'), character, message];
    return parts.filter((part) => part !== '').join(': ');
  };
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { file, value: result.data, mistakes: [], mistake };
  const mistakes = result.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => mistake([...issue.path, key], 'no such key'));
    }
    const wanted = issue.message.replace(/^Invalid input: expected (\w+).*$/, '$1');
    return [mistake(issue.path, `got ${got(issue.input)}, wanted ${wanted}`)];
  });
  return { file, mistakes, mistake };
}

/** The content of a file, or its first mistake. */
function parse(
  { path, text }: OwnFile,
  document: Document.Parsed,
): { input: unknown } | { offset: number; message: string } {
  const [error] = [...document.errors, ...document.warnings];
  const inYaml = error && { offset: error.pos[0], message: error.message };
  if (path.endsWith('.json')) {
    const mistake = jsonMistake(text);
    // The parser of YAML, which JSON is nearly, has the better place.
    return mistake === undefined ? { input: JSON.parse(text) } : (inYaml ?? mistake);
  }
  if (inYaml !== undefined) return inYaml;
  try {
    return { input: document.toJS() };
  } catch (error) {
    // An alias without an anchor, or aliases that would fill the memory.
    return { offset: 0, message: (error as Error).message };
  }
}

function got(input: unknown): string {
  const text = input === undefined ? 'nothing' : JSON.stringify(input);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * Remembers who uses a value first: Mantis the given ones, otherwise a file. The function returns the
 * other user of a value, undefined for the first.
 */
export function firstUsers(ofMantis: readonly string[]) {
  const users = new Map(ofMantis.map((value) => [value, 'Mantis itself']));
  return (value: string, { path, source = path }: OwnFile): string | undefined => {
    const other = users.get(value);
    users.set(value, other ?? source);
    return other;
  };
}

/** The error of a schema for what is no map; unknown keys have a message of their own. */
export function notAMap({ code }: { readonly code?: string }): string | undefined {
  return code === 'invalid_type' ? 'a map' : undefined;
}

/** Refuses a file whose name in the output another file has already. */
export function checkNames(files: readonly OwnFile[], nameOf: (path: string) => string): string[] {
  return files.flatMap(({ path }, index) => {
    const first = files.findIndex((other) => nameOf(other.path) === nameOf(path));
    if (nameOf(path) === '') return [`${path}: wanted a name with a letter or digit of ASCII`];
    if (first === index) return [];
    return [`${path}: its object would have the name of that of ${files[first]?.path}; rename one`];
  });
}
