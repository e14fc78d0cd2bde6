import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { logAlerts, metricAlerts } from '../alerts/index.ts';
import { runbook } from '../alerts/rule.ts';
import { anchors, code, codeBlocks, links, markdownFiles } from './markdown.ts';
import { runnable, shell } from './runnable.ts';
import { settingsOf } from './synthesized.ts';

const documents = markdownFiles();
const outside = /^(https?|mailto):/;
const targets = documents.flatMap(({ file, text }) =>
  links(text)
    .filter((link) => !outside.test(link))
    .map((link) => ({ file, link })),
);

test.each(targets)('$file: the link to $link leads somewhere', ({ file, link }) => {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : join(dirname(file), path);
  expect({ target, exists: existsSync(target) }).toEqual({ target, exists: true });
  if (anchor !== undefined) expect(anchors(readFileSync(target, 'utf8'))).toContain(anchor);
});

const makefile = readFileSync('Makefile', 'utf8');
const makeTargets = [...makefile.matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, name]) => name);
/** At the start of a line, perhaps behind variables: elsewhere the word may be English. */
const command = /^(?:[A-Z_]+=\S+ )*make ([a-z][a-z0-9-]*)/gm;
const mentioned = documents.flatMap(({ file, text }) =>
  code(text).flatMap((span) => [...span.matchAll(command)].map(([, target]) => ({ file, target }))),
);

test.each(mentioned)('$file: make $target can be made', ({ target }) => {
  expect(makeTargets).toContain(target);
});

const helped = [...makefile.matchAll(/^([a-z][a-z0-9-]*):.*## (.+)$/gm)];

test.each(helped.map(([, target, help]) => ({ target, help })))(
  'the README says of make $target what make help says',
  ({ target, help }) => {
    const lines = readFileSync('README.md', 'utf8').split('\n');
    const words = lines.map((line) => line.trim().split(/\s{2,}/));
    expect(words).toContainEqual([target, help]);
  },
);

/** `scripts/name.sh` with the options that follow it on the line. */
const scriptCall = /scripts\/([a-z-]+\.sh)((?: +--[a-z][a-z-]*(?:[ =][^-\s]\S*)?)*)/g;
const scriptCalls = documents.flatMap(({ file, text }) =>
  code(text).flatMap((span) =>
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

test.each(runnable('here'))('$file: $script', ({ script }) => {
  execFileSync('bash', [...shell, script], { stdio: 'pipe' });
});

const everything = settingsOf({ clusterView: { enabled: true } });
const alerts = [...metricAlerts(everything), ...logAlerts(everything)];

test.each(alerts)('$alert has a runbook that says what, why and what to do', ({ alert }) => {
  const text = readFileSync(runbook(alert), 'utf8');
  expect(text.split('\n')[0]).toBe(`# ${alert}`);
  expect(anchors(text).slice(1)).toEqual([
    'meaning',
    'impact',
    'diagnose',
    'mitigate',
    'make-it-fire-here',
  ]);
});

test.each(markdownFiles('docs/runbooks'))('$file belongs to an alert', ({ file }) => {
  expect(alerts.map(({ alert }) => runbook(alert))).toContain(file);
});

const queries = markdownFiles('docs/runbooks').flatMap(({ file, text }) =>
  Object.entries({ promql, logql, traceql }).flatMap(([language, parser]) =>
    codeBlocks(text, language)
      .flatMap((block) => block.trim().split('\n'))
      .map((query) => ({ file, language, parser, query })),
  ),
);

test.each(queries)('$file asks in valid $language: $query', ({ parser, query }) => {
  let mistakes = 0;
  parser.parse(query).iterate({
    enter: ({ type }) => {
      if (type.isError) mistakes += 1;
    },
  });
  expect(mistakes).toBe(0);
});
