import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { servicesOf } from '../lib/model/ports.ts';
import { version } from '../lib/model/version.ts';
import { command } from './command.ts';
import { pack } from './pack.ts';

/**
 * `npm run package:check`: installs the package's tarball in a folder of its own, as a user would, and
 * checks that everything in examples/ is compiled and synthesized, that a wrong prop does not compile,
 * and that a query with a mistake fails. With `--context`, the API server validates the output too.
 */

const { values: options } = parseArgs({
  options: { context: { type: 'string' }, keep: { type: 'boolean', default: false } },
});

const examples = readdirSync('examples').filter((file) => file.endsWith('.ts'));
const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  devDependencies: Record<string, string>;
};

const consumer = mkdtempSync(join(tmpdir(), 'mantis-consumer-'));
const run = (program: string, args: readonly string[]) => command(consumer, program, args);

const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  types: ['node'],
  outDir: 'out',
};

function check(what: string, isTrue: boolean, seen = ''): void {
  if (!isTrue) throw new Error(`the package: ${what}: not so\n${seen}`);
  console.log(`ok  ${what}`);
}

function install(): void {
  const tarball = resolve(pack('.build/pack'));
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module", "private": true }\n');
  const packages = ['cdk8s', 'constructs', 'typescript', '@types/node'];
  const versions = packages.map((name) => `${name}@${devDependencies[name]}`);
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const { code, output } = run('npm', ['install', ...flags, tarball, ...versions]);
  check(`npm install ${basename(tarball)}`, code === 0, output);
}

function compile(): void {
  for (const directory of ['examples', 'release/consumer']) {
    cpSync(directory, consumer, { recursive: true });
  }
  const tsconfig = (include: readonly string[]) =>
    writeFileSync(
      join(consumer, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include, exclude: [] }),
    );
  tsconfig([...examples, 'broken-query.ts']);
  const { code, output } = run('npx', ['--no', 'tsc']);
  check('the examples compile under strict, with the types of all libraries', code === 0, output);

  tsconfig(['wrong-prop.ts']);
  const { output: errors } = run('npx', ['--no', 'tsc', '--noEmit']);
  const lines = [...errors.matchAll(/^wrong-prop\.ts\((\d+),/gm)].map(([, line]) => Number(line));
  const wrong = readFileSync(join(consumer, 'wrong-prop.ts'), 'utf8')
    .split('\n')
    .flatMap((text, index) => (/^new /.test(text) ? [index + 1] : []));
  check('a wrong prop does not compile', String([...new Set(lines)]) === String(wrong), errors);
}

/** Runs a compiled program of the consumer; its output goes to a directory of its name. */
function synthesize(example: string): string {
  const name = basename(example, '.ts');
  const { code, output } = command(consumer, 'node', [`out/${name}.js`], { CDK8S_OUTDIR: name });
  check(`${example} is synthesized`, code === 0, output);
  const files = readdirSync(join(consumer, name));
  check(`${example} wrote ${files.length} files`, files.length > 0);
  return join(consumer, name);
}

/** The output with the test app is that of this repository. */
function compareWithDist(directory: string): void {
  const names = readdirSync('dist').filter((name) => name.endsWith('.yaml'));
  const differing = names.filter(
    (name) =>
      readFileSync(join('dist', name), 'utf8') !== readFileSync(join(directory, name), 'utf8'),
  );
  check('the defaults with the test app are dist/', differing.length === 0, differing.join('\n'));
}

function checkMinimal(directory: string): void {
  const texts = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'));
  const pods = servicesOf('testApp').filter((name) =>
    texts.some((text) => text.includes(`name: ${name}\n`)),
  );
  check('the stack alone has nothing of the test app', pods.length === 0, pods.join());
}

/** A dry run knows no namespace that it would create, so examples with their own are moved to `default`. */
function dryRun(directory: string, context: string): void {
  for (const name of readdirSync(directory)) {
    const file = join(directory, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll(/(?<=^ +namespace: )(telemetry|logging)$/gm, 'default'));
  }
  const args = ['--context', context, 'apply', '--dry-run=server', '--filename', directory];
  const { code, output } = run('kubectl', args);
  const count = output.split('\n').filter((line) => line.endsWith('(server dry run)')).length;
  check(`the API server accepts ${basename(directory)}: ${count} objects`, code === 0, output);
}

function checkErrors(): void {
  const { code, output } = run('node', ['out/broken-query.js']);
  const wanted = [
    'rules: group checkout: rules.0.expr: character 10: CheckoutSlow: not PromQL after: rate(x[5m',
    'lokiRules: group errors: rules.0.expr: character 1: Errors: wanted a metric query',
    'dashboards: Checkout: panel P90: query A: not PromQL after: sum(rate(checkout_total[5m])',
  ];
  const found = wanted.every((line) => output.includes(line));
  check('a broken query fails at synth, with its place', code === 3 && found, output);
}

function checkProgram(): void {
  const help = run('npx', ['--no', 'mantis', 'doctor', '--help']);
  check('npx mantis doctor --help', help.code === 0 && help.output.includes('Usage'), help.output);
  const { output } = run('npx', ['--no', '--', 'mantis', '--version']);
  check('npx mantis --version', output.trim() === version, output);
  writeFileSync(join(consumer, 'mantis.yaml'), 'loki:\n  retention: 14d\n');
  const config = run('npx', ['--no', 'mantis', 'config']);
  const own = /loki\.retention\s+14d\s+mantis\.yaml/.test(config.output);
  check("npx mantis config reads the user's mantis.yaml", config.code === 0 && own, config.output);
}

try {
  install();
  compile();
  const outputs = examples.map(synthesize);
  const outputOf = (name: string) => join(consumer, name);
  compareWithDist(outputOf('test-app'));
  checkMinimal(outputOf('minimal'));
  checkErrors();
  checkProgram();
  if (options.context !== undefined) {
    for (const each of outputs) dryRun(each, options.context);
  }
} finally {
  if (options.keep) console.log(consumer);
  else rmSync(consumer, { recursive: true });
}
