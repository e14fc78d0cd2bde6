import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { logAlerts, metricAlerts } from '../alerts/index.ts';
import { runbookPath } from '../alerts/rule.ts';
import { syntaxErrors } from '../lib/model/query-syntax.ts';
import { commands } from '../ops/commands/index.ts';
import { shellBlocks, strictShellFlags, withoutInstalls } from './doc-commands.ts';
import { codeBlocks, codeSpans, headingAnchors, linkTargets, markdownFiles } from './markdown.ts';
import { settingsOf, withEverything } from './synthesized.ts';

const documents = markdownFiles();
const outside = /^(https?|mailto):/;
const targets = documents.flatMap(({ file, text }) =>
  linkTargets(text)
    .filter((link) => !outside.test(link))
    .map((link) => ({ file, link })),
);

test.each(targets)('$file: the link to $link leads somewhere', ({ file, link }) => {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : join(dirname(file), path);
  expect({ target, exists: existsSync(target) }).toEqual({ target, exists: true });
  if (anchor !== undefined) expect(headingAnchors(readFileSync(target, 'utf8'))).toContain(anchor);
});

const makefile = readFileSync('Makefile', 'utf8');
const makeTargets = [...makefile.matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, name]) => name);
/** At the start of a line, perhaps behind variables: elsewhere the word may be English. */
const command = /^(?:[A-Z_]+=\S+ )*make ([a-z][a-z0-9-]*)/gm;
const mentionedTargets = documents.flatMap(({ file, text }) =>
  codeSpans(text).flatMap((span) =>
    [...span.matchAll(command)].map(([, target]) => ({ file, target })),
  ),
);

test.each(mentionedTargets)('$file: make $target can be made', ({ target }) => {
  expect(makeTargets).toContain(target);
});

const helpTexts = [...makefile.matchAll(/^([a-z][a-z0-9-]*):.*## (.+)$/gm)];

test.each(helpTexts.map(([, target, help]) => ({ target, help })))(
  'docs/commands.md says of make $target what make help says',
  ({ target, help }) => {
    const lines = readFileSync('docs/commands.md', 'utf8').split('\n');
    const words = lines.map((line) => line.trim().split(/\s{2,}/));
    expect(words).toContainEqual([target, help]);
  },
);

/** `npm run name`, anywhere in code. */
const npmScripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts);
const npmCalls = documents.flatMap(({ file, text }) =>
  codeSpans(text).flatMap((span) =>
    [...span.matchAll(/npm run ([a-z][a-z0-9:-]*)/g)].map(([, script]) => ({ file, script })),
  ),
);

test.each(npmCalls)('$file: npm run $script is a script', ({ script }) => {
  expect(npmScripts).toContain(script);
});

/** The command that words lead to, as the program finds it, and the words behind its name. */
function findCommand(
  [name, ...rest]: readonly string[],
  among: readonly CommandUnknownOpts[],
): { command: CommandUnknownOpts; rest: readonly string[] } {
  const command = among.find((each) => each.name() === name);
  if (command === undefined) throw new Error(`mantis has no command ${name}`);
  const [group] = command.commands;
  if (group === undefined || rest[0] === '--help') return { command, rest };
  // Without the name of a subcommand, a group runs its first one.
  const isNamed = command.commands.some((each) => each.name() === rest[0]);
  return findCommand(isNamed ? rest : [group.name(), ...rest], command.commands);
}

/** What the command does not take of these words. */
function refused(words: readonly string[]): string[] {
  const { command, rest } = findCommand(words, allCommands);
  const { operands, unknown } = command.parseOptions(rest.filter((word) => word !== '--help'));
  const isVariadic = command.registeredArguments.some(({ variadic }) => variadic);
  return [...unknown, ...(isVariadic ? [] : operands.slice(command.registeredArguments.length))];
}

const allCommands = Object.values(commands).flat();
/** `./mantis name`, perhaps of a group, up to a comment, a pipe or the end of the line. */
const cliCalls = documents.flatMap(({ file, text }) =>
  codeSpans(text).flatMap((span) =>
    [...span.matchAll(/\.\/mantis ([a-z][^\n#|;>)]*)/g)].map(([call, words = '']) => ({
      file,
      call,
      words: words.trim().split(/\s+/),
    })),
  ),
);

test.each(cliCalls)('$file: $call is a command that takes these words', ({ words }) => {
  expect(refused(words)).toEqual([]);
});

test.each([
  ['no-such-command'],
  ['backup', 'lst'],
  ['images', '--file', 'x'],
  ['status', '--no-such-option'],
])('a wrong command is noticed: %s %s %s', (...words) => {
  const found = () => refused(words.filter((word) => typeof word === 'string'));
  let complaint: unknown;
  try {
    complaint = found();
  } catch (error) {
    complaint = [(error as Error).message];
  }
  expect(complaint).not.toEqual([]);
});

/** Commands that messages of the program tell people to run. */
const messages = readdirSync('.', { recursive: true, encoding: 'utf8' })
  .filter((file) => /^(ops|lib|alerts|dashboards|charts|settings)\/.*\.ts$/.test(file))
  .flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\.\/mantis ([a-z-]+(?: [a-z-]+)?)/g)].map(
      ([call, words = '']) => ({ file, call, name: words.split(' ')[0] }),
    ),
  );

test.each(messages)('$file: $call is a command', ({ name }) => {
  expect(allCommands.map((command) => command.name())).toContain(name);
});

test.each(allCommands.map((command) => [command.name(), command.description()]))(
  'docs/commands.md says of ./mantis %s what its help says',
  (name, description) => {
    const lines = readFileSync('docs/commands.md', 'utf8').split('\n');
    expect(lines.map((line) => line.trim().split(/\s{2,}/))).toContainEqual([name, description]);
  },
);

/** `scripts/name.sh` with the options that follow it on the line. */
const scriptCall = /scripts\/([a-z-]+\.sh)((?: +--[a-z][a-z-]*(?:[ =][^-\s]\S*)?)*)/g;
const scriptCalls = documents.flatMap(({ file, text }) =>
  codeSpans(text).flatMap((span) =>
    [...span.matchAll(scriptCall)].map(([call, name = '', options = '']) => ({
      file,
      call,
      script: `scripts/${name}`,
      options: options.match(/--[a-z][a-z-]*/g) ?? [],
    })),
  ),
);

test.each(scriptCalls)('$file: $call is a script with these options', ({ script, options }) => {
  expect({ script, exists: existsSync(script) }).toEqual({ script, exists: true });
  const asked = options.filter((option) => option !== '--help');
  if (asked.length === 0) return;
  const help = execFileSync(script, ['--help'], { encoding: 'utf8' });
  for (const option of asked) expect(help).toContain(option);
});

test.each(shellBlocks('here'))('$file: $script', ({ script }) => {
  execFileSync('bash', [...strictShellFlags, script], { stdio: 'pipe', env: withoutInstalls });
});

const allEnabled = settingsOf(withEverything);
const alerts = [...metricAlerts(allEnabled), ...logAlerts(allEnabled)];

test.each(alerts)('$alert has a runbook that says what, why and what to do', ({ alert }) => {
  const text = readFileSync(runbookPath(alert), 'utf8');
  expect(text.split('\n')[0]).toBe(`# ${alert}`);
  expect(headingAnchors(text).slice(1)).toEqual([
    'meaning',
    'impact',
    'diagnose',
    'mitigate',
    'reproduce',
  ]);
});

test.each(markdownFiles('docs/runbooks'))('$file belongs to an alert', ({ file }) => {
  expect(alerts.map(({ alert }) => runbookPath(alert))).toContain(file);
});

const queries = markdownFiles('docs/runbooks').flatMap(({ file, text }) =>
  Object.entries({ promql, logql, traceql }).flatMap(([language, parser]) =>
    codeBlocks(text, language)
      .flatMap((block) => block.trim().split('\n'))
      .map((query) => ({ file, language, parser, query })),
  ),
);

test.each(queries)('$file asks in valid $language: $query', ({ parser, query }) => {
  expect(syntaxErrors(parser, query)).toEqual([]);
});

/** The npm package `mantis` without a scope belongs to someone else. */
const unscoped =
  /\b(?:npx(?! --no\b)(?: --?[a-z-]+)*|npm (?:i|install|add|exec)\b[^\n]*|npm create) (?:-- )?mantis(?=[\s@]|$)/m;

test.each([
  ...documents,
  { file: 'ops/process/output.ts', text: readFileSync('ops/process/output.ts', 'utf8') },
])('$file: no command fetches the package of someone else', ({ text }) => {
  expect(codeSpans(text).filter((span) => unscoped.test(span))).toEqual([]);
  expect(text).not.toMatch(/npx (?:--yes |-y )?mantis\b/);
});

test.each([
  'npx mantis doctor',
  'npx -y mantis',
  'npm install mantis',
  'npm exec mantis',
  'npx mantis@1',
])('%s would fetch it', (command) => {
  expect(command).toMatch(unscoped);
});

test.each([
  'npx --no mantis doctor',
  'npm install ./mantis-o11y-mantis-0.2.0.tgz',
  './mantis doctor',
  'npm run mantis',
])('%s does not', (command) => {
  expect(command).not.toMatch(unscoped);
});
