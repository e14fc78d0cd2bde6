import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Declaration, findDeclaration, type Member } from './declaration.ts';

/** docs/api.md: everything that the package exports, from the declarations in the sources. */

/** The entries of the package, and what each is for. */
const entries = {
  'index.ts': '',
  'dashboards/index.ts': '/dashboards',
  'alerts/index.ts': '/alerts',
  'testing/index.ts': '/testing',
} as const;

const intro = `# API reference

Generated from the sources by \`npm run docs\`. [How to use the package](library.md), with examples; the keys of \`settings\` are those of [mantis.yaml](configuration.md#all-settings).
`;

export function apiReference(): string {
  const sections = Object.entries(entries).map(([file, path]) =>
    [
      `## @mantis-o11y/mantis${path}\n`,
      ...exportsOf(file).map(({ name, from }) => describe(findDeclaration(from, name))),
    ].join('\n'),
  );
  return [intro, ...sections].join('\n');
}

interface Export {
  readonly name: string;
  /** The file that declares it. */
  readonly from: string;
}

/** What a file exports, classes first, then functions and constants, then types. */
function exportsOf(file: string): Export[] {
  const text = readFileSync(file, 'utf8');
  const forwarded = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)'/gm)].flatMap(
    ([, names = '', path = '']) =>
      names
        .split(',')
        .map((name) => name.replace(/\btype\b/, '').trim())
        .filter((name) => name !== '')
        .map((name) => ({ name, from: join(dirname(file), path) })),
  );
  const own = [...text.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name = '']) => ({
    name,
    from: file,
  }));
  const order = ['class', 'function', 'const', 'interface', 'type'];
  const rank = ({ name, from }: Export) => order.indexOf(findDeclaration(from, name).kind);
  return [...forwarded, ...own].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function describe({ kind, name, comment, signature, members }: Declaration): string {
  return [
    `### ${name}\n`,
    ...(comment === '' ? [] : [`${comment}\n`]),
    ...(signature === undefined ? [] : [`\`\`\`ts\n${signature}\n\`\`\`\n`]),
    ...(members.length === 0 ? [] : [`${table(kind, members)}\n`]),
  ].join('\n');
}

function table(kind: Declaration['kind'], members: readonly Member[]): string {
  const title = kind === 'class' ? 'Member' : 'Property';
  return [
    `| ${title} | Type | Description |`,
    '|---|---|---|',
    ...members.map(
      ({ name, type, comment }) =>
        `| \`${name}\` | ${code(type)} | ${comment.replaceAll('|', '\\|')} |`,
    ),
  ].join('\n');
}

/** Types of the schema are described with the settings. */
function code(type: string): string {
  return type.startsWith('Input[')
    ? '[as in mantis.yaml](configuration.md#all-settings)'
    : `\`${type.replaceAll('|', '\\|')}\``;
}
