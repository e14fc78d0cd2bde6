import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { kindAndName, type Manifest, settingsOf, synth } from './synthesized.ts';

const { namespace } = settingsOf();
const plain = synth();

/** What `kubectl kustomize` makes of dist/ with an overlay. Kustomize refuses absolute paths. */
function kustomize(overlay: object): Manifest[] {
  const directory = mkdtempSync('.build-kustomize-');
  try {
    const resources = [relative(directory, 'dist')];
    writeFileSync(join(directory, 'kustomization.yaml'), stringify({ resources, ...overlay }));
    const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', directory], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) throw new Error(stderr);
    return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The patches of an example for a GitOps controller. */
function patchesOf(file: string): unknown {
  const text = readFileSync(`docs/examples/gitops/${file}`, 'utf8');
  const spec = parseAllDocuments(text).at(-1)?.toJS().spec;
  return spec.patches ?? spec.source.kustomize.patches;
}

const byName = (manifests: readonly Manifest[]) =>
  Object.fromEntries(manifests.map((each) => [kindAndName(each), each]));

test('the kustomization has the objects of the plain files', () => {
  expect(byName(kustomize({}))).toEqual(byName(plain));
});

describe('an overlay with another namespace', () => {
  const moved = kustomize({ namespace: 'elsewhere' });

  test('moves every object', () => {
    expect(moved).toHaveLength(plain.length);
    const namespaces = moved.map(({ kind, metadata }) =>
      kind === 'Namespace' ? metadata.name : (metadata.namespace ?? 'elsewhere'),
    );
    expect(new Set(namespaces)).toEqual(new Set(['elsewhere']));
  });

  test('leaves the former namespace only in the names of objects without a namespace', () => {
    const rest = moved.flatMap((each) => {
      const text = JSON.stringify(each);
      return text.includes(namespace) ? [kindAndName(each)] : [];
    });
    expect(rest.sort()).toEqual([
      `ClusterRole ${namespace}-otel-collector`,
      `ClusterRole ${namespace}-prometheus`,
      `ClusterRoleBinding ${namespace}-otel-collector`,
      `ClusterRoleBinding ${namespace}-prometheus`,
    ]);
  });

  test('gives the permissions to the ServiceAccounts there', () => {
    const subjects = moved.flatMap(({ kind, subjects }) =>
      kind === 'ClusterRoleBinding' ? subjects : [],
    );
    expect(subjects).toEqual([
      { kind: 'ServiceAccount', name: 'otel-collector', namespace: 'elsewhere' },
      { kind: 'ServiceAccount', name: 'prometheus', namespace: 'elsewhere' },
    ]);
  });
});

test.each([
  ['argocd.yaml', 'argocd.argoproj.io/sync-options', 'Prune=false,Delete=false'],
  ['flux.yaml', 'kustomize.toolkit.fluxcd.io/prune', 'disabled'],
])('the patches of %s remove the test app, and protect the namespace', (file, key, value) => {
  const patched = kustomize({ patches: patchesOf(file) });
  const stack = synth({ testApp: { enabled: false } }).map(kindAndName);
  const shop = 'ConfigMap grafana-dashboard-mantis-shop';
  expect(patched.map(kindAndName).sort()).toEqual([...stack, shop].sort());
  const found = patched.find(({ kind }) => kind === 'Namespace');
  expect(found?.metadata.name).toBe(namespace);
  expect(found?.metadata.annotations?.[key]).toBe(value);
});
