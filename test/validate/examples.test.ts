import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { synthesize } from '../../charts/synth.ts';
import { loadSettings } from '../../settings/load.ts';
import { settingsExamples } from '../settings-examples.ts';
import { configFile, type Manifest, readFiles } from '../synthesized.ts';
import { withBinary, writeFiles } from './binaries.ts';

/** Writes the configuration file that results from an example of the documents. */
function configOf(example: string, configMap: string, file: string): string {
  const outdir = mkdtempSync(join(tmpdir(), 'mantis-'));
  synthesize(loadSettings({ file: example }), outdir);
  const manifests = Object.values(readFiles(outdir)).flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as Manifest),
  );
  return String(writeFiles({ [file]: configFile(manifests, configMap, file) })[file]);
}

describe.each(settingsExamples())('$name', ({ path }) => {
  withBinary('otelcol-contrib', (run) => {
    test('the collector accepts the resulting configuration', () => {
      const file = configOf(path, 'otel-collector-config', 'collector.yaml');
      expect(run('validate', `--config=${file}`)).toContain('exit 0');
    });
  });

  withBinary('promtool', (run) => {
    test('Prometheus accepts the resulting configuration', () => {
      const file = configOf(path, 'prometheus-config', 'prometheus.yaml');
      expect(run('check', 'config', '--syntax-only', file)).toContain('exit 0');
    });
  });
});
