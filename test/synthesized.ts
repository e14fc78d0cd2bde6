import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type DeploymentOptions, synthesizeDeployment } from '../charts/synth-local.ts';
import { type Settings, type SettingsInput, settingsSchema } from '../lib/schema.ts';

/** A Kubernetes object; fields beside the metadata are untyped. */
export interface AnyManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own shape
  readonly [field: string]: any;
}

/** What is off by default and has alerts of its own. */
export const withEverything: SettingsInput = {
  clusterView: { enabled: true },
  backup: { schedule: '@daily', url: 's3://backups', secret: 'backup', egress: [{ port: 443 }] },
};

/** Parses settings without a file or environment. */
export function settingsOf(input: SettingsInput = {}): Settings {
  return settingsSchema.parse(input);
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
export function synth(input: SettingsInput = {}, options: DeploymentOptions = {}): AnyManifest[] {
  return Object.values(synthFiles(input, options)).flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as AnyManifest),
  );
}

export const kindAndName = ({ kind, metadata }: AnyManifest) => `${kind} ${metadata.name}`;

export function findManifest(
  manifests: readonly AnyManifest[],
  kind: string,
  name: string,
): AnyManifest {
  const found = manifests.find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

/** Every file of every ConfigMap. */
export function configFiles(manifests: readonly AnyManifest[]) {
  return manifests
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ metadata, data }) =>
      Object.entries(data as Record<string, string>).map(([file, text]) => ({
        configMap: metadata.name,
        file,
        text,
      })),
    );
}

/** One file of one ConfigMap. */
export function configFile(manifests: readonly AnyManifest[], configMap: string, file: string) {
  const text: string | undefined = findManifest(manifests, 'ConfigMap', configMap).data[file];
  if (text === undefined) throw new Error(`no ${file} in ${configMap}`);
  return text;
}

/** The StatefulSets and Deployments. */
export function workloads(manifests: readonly AnyManifest[]): AnyManifest[] {
  return manifests.filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment');
}
