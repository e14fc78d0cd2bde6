import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type DeploymentOptions, synthesizeDeployment } from '../charts/synth-local.ts';
import { type Settings, type SettingsInput, settingsSchema } from '../lib/schema.ts';
import { mistakesOf } from '../lib/settings/issue.ts';
import type { Manifest } from '../testing/manifest.ts';

export { configFiles, kindAndName, type Manifest } from '../testing/manifest.ts';

/** What is off by default and has alerts of its own. */
export const withEverything: SettingsInput = {
  clusterView: { enabled: true },
  backup: { schedule: '@daily', url: 's3://backups', secret: 'backup', egress: [{ port: 443 }] },
};

/** Parses settings without a file or environment. */
export function settingsOf(input: SettingsInput = {}): Settings {
  return settingsSchema.parse(input);
}

/** The mistakes of settings, a line each. */
export function refusals(input: unknown): string[] {
  const { error } = settingsSchema.safeParse(input, { reportInput: true });
  return mistakesOf(error?.issues ?? []);
}

/** The files of an output directory, by name. */
export function synthFiles(input: SettingsInput = {}, options: DeploymentOptions = {}) {
  const outdir = mkdtempSync(join(tmpdir(), 'mantis-'));
  try {
    synthesizeDeployment(settingsOf(input), outdir, options);
    return readFiles(outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The manifests in a directory, by file name. */
export function readFiles(directory: string): Record<string, string> {
  const names = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
  );
}

/** All objects of the output, in order. */
export function synth(input: SettingsInput = {}, options: DeploymentOptions = {}): Manifest[] {
  return Object.values(synthFiles(input, options)).flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as Manifest),
  );
}

export function findManifest(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

/** One file of one ConfigMap. */
export function configFile(manifests: readonly Manifest[], configMap: string, file: string) {
  const text: string | undefined = findManifest(manifests, 'ConfigMap', configMap).data[file];
  if (text === undefined) throw new Error(`no ${file} in ${configMap}`);
  return text;
}

/** The StatefulSets and Deployments. */
export function workloads(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment');
}
