import { readFileSync } from 'node:fs';

/** A member of an interface or class. */
export interface Member {
  /** With `?` if it is optional. */
  readonly name: string;
  readonly type: string;
  /** On one line; the default is its last sentence. */
  readonly comment: string;
}

/** A declaration in a source file that the formatter has formatted. */
export interface Declaration {
  readonly kind: 'class' | 'function' | 'const' | 'interface' | 'type';
  readonly name: string;
  readonly comment: string;
  /** What is declared, without a body. @default - for what has members only */
  readonly signature?: string;
  readonly members: readonly Member[];
}

/**
 * Finds the declaration of a name that a file exports.
 *
 * @throws Error if there is none
 */
export function findDeclaration(file: string, name: string): Declaration {
  const lines = readFileSync(file, 'utf8').split('\n');
  const header = new RegExp(`^export (class|function|const|interface|type) ${name}\\b`);
  const start = lines.findIndex((line) => header.test(line));
  const kind = header.exec(lines[start] ?? '')?.[1] as Declaration['kind'] | undefined;
  if (kind === undefined) throw new Error(`${file} exports no ${name}`);
  const comment = commentAbove(lines, start);
  const body = lines.slice(start + 1, lines.indexOf('}', start));
  const common = { kind, name, comment };
  if (kind === 'interface') {
    const [, bases] = /extends (.+?) \{$/.exec(headerOf(lines, start)) ?? [];
    const inherited = bases?.split(', ') ?? [];
    const local = inherited.filter((base) => lines.includes(`interface ${base} {`));
    const others = inherited.filter((base) => !local.includes(base));
    const text = [
      comment,
      ...(others.length > 0 ? [`Has the properties of ${others.join(' and ')} too.`] : []),
    ];
    const members = local.flatMap((base) => {
      const from = lines.indexOf(`interface ${base} {`);
      return membersOf(lines.slice(from + 1, lines.indexOf('}', from)));
    });
    return {
      ...common,
      comment: text.filter((part) => part !== '').join(' '),
      members: [...members, ...membersOf(body)],
    };
  }
  if (kind === 'class') {
    const parameters = /constructor\(([^)]*)\)/.exec(body.join(' '))?.[1];
    if (parameters === undefined) return { ...common, members: membersOf(body) };
    const signature = `new ${name}(${parameters
      .replaceAll(/\s+/g, ' ')
      .replace(/^ |,? $/g, '')
      .trim()})`;
    return { ...common, signature, members: membersOf(body) };
  }
  return { ...common, signature: signatureOf(lines, start, kind), members: [] };
}

/** The first line, and those that continue it up to the opening brace. */
function headerOf(lines: readonly string[], start: number): string {
  const end = lines.findIndex((line, index) => index >= start && line.endsWith('{'));
  return lines
    .slice(start, end + 1)
    .map((line) => line.trim())
    .join(' ');
}

function signatureOf(lines: readonly string[], start: number, kind: Declaration['kind']): string {
  const first = (lines[start] ?? '').replace('export ', '');
  if (kind === 'const') return first.replace(/ = .*$/, '').replace(/\s=$/, '');
  if (kind === 'type') {
    const end = lines.findIndex((line, index) => index >= start && line.endsWith(';'));
    return lines
      .slice(start, end + 1)
      .join('\n')
      .replace('export ', '');
  }
  const end = lines.findIndex((line, index) => index >= start && /^\S.* \{$/.test(line));
  return lines
    .slice(start, end + 1)
    .join('\n')
    .replace('export ', '')
    .replace(/ \{$/, '');
}

/** The properties and getters between two braces. */
function membersOf(body: readonly string[]): Member[] {
  return body.flatMap((line, index) => {
    const [, getter, , getterType] = /^ {2}get ((\w+)\(\)): (.*) \{$/.exec(line) ?? [];
    const [, name = getter?.slice(0, -2), first] =
      /^ {2}readonly (\w+\??):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const type = getterType ?? typeText(first ?? '', body.slice(index + 1));
    return [{ name, type, comment: oneLine(commentAbove(body, index)) }];
  });
}

/** A type that may go on in the next lines. */
function typeText(first: string, next: readonly string[]): string {
  const isLast = (line: string) =>
    first.endsWith('{') ? line.startsWith('  }') : line.endsWith(';');
  const rest = first.endsWith(';') ? [] : next.slice(0, next.findIndex(isLast) + 1);
  return [first, ...rest.map((line) => line.trim()).filter((line) => !/^\/?\*/.test(line))]
    .join(' ')
    .trim()
    .replace(/;$/, '')
    .replace(/^\| /, '');
}

/** The text of the comment that ends above a line. */
function commentAbove(lines: readonly string[], index: number): string {
  if (!lines[index - 1]?.endsWith('*/')) return '';
  let start = index - 1;
  while (!lines[start]?.trim().startsWith('/**')) start -= 1;
  return lines
    .slice(start, index)
    .map((line) =>
      line
        .trim()
        .replace(/^\/\*\*\s?/, '')
        .replace(/\s*\*\/$/, '')
        .replace(/^\*\s?/, ''),
    )
    .join('\n')
    .trim()
    .replaceAll(/\s*@default\s+(-\s+)?/g, ' Default: ')
    .replaceAll(/\n?@(param|throws|returns) /g, (_, tag: string) => `\n*${tag}* `)
    .replaceAll(/ {2,}/g, ' ');
}

const oneLine = (text: string) => text.replaceAll(/\s*\n\s*/g, ' ').trim();
