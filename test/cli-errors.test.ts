import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

interface MainInput {
  readonly variables?: Readonly<Record<string, string>>;
  /** Text of mantis.yaml. @default - no such file */
  readonly file?: string;
}

/** Runs main.ts as `cdk8s synth` does, in a new directory. */
function runMain({ variables = {}, file }: MainInput) {
  const cwd = mkdtempSync(join(tmpdir(), 'mantis-'));
  if (file !== undefined) writeFileSync(join(cwd, 'mantis.yaml'), file);
  const outside = Object.entries(process.env).filter(([name]) => !name.startsWith('MANTIS_'));
  const loader = pathToFileURL(require.resolve('tsx')).href;
  const { status, stderr } = spawnSync(process.execPath, ['--import', loader, resolve('main.ts')], {
    cwd,
    encoding: 'utf8',
    env: { ...Object.fromEntries(outside), CDK8S_OUTDIR: 'out', ...variables },
  });
  return { status, stderr, written: readdirSync(cwd).includes('out') };
}

const invalidSettings: { name: string; given: MainInput; message: string }[] = [
  {
    name: 'an invalid variable',
    given: { variables: { MANTIS_LOKI_RETENTION: '5m' } },
    message:
      'MANTIS_LOKI_RETENTION (loki.retention): got "5m", wanted whole hours or days, at least 24h, such as 48h or 15d',
  },
  {
    name: 'an unknown key',
    given: { file: 'loki:\n  retain: 7d\n' },
    message: 'mantis.yaml: loki.retain: no such setting',
  },
  {
    name: 'a pipeline with an undeclared exporter',
    given: {
      file: 'collector:\n  extraConfig:\n    service: { pipelines: { traces: { exporters: [otlp_grpc/vendor] } } }\n',
    },
    message:
      'collector.extraConfig: service.pipelines.traces.exporters: otlp_grpc/vendor is not declared',
  },
];

test.each(invalidSettings)(
  '$name causes one line, exit code 1 and no file',
  ({ given, message }) => {
    expect(runMain(given)).toEqual({ status: 1, stderr: `${message}\n`, written: false });
  },
);

test('valid settings are synthesized, with a note that they are not the defaults', () => {
  expect(runMain({ variables: { MANTIS_NAMESPACE: 'telemetry' } })).toEqual({
    status: 0,
    stderr: 'out/ holds your own settings, not the defaults\n',
    written: true,
  });
});
