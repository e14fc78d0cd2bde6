import { parseAllDocuments } from 'yaml';
import { dashboardsOf } from '../dashboards/index.ts';
import type { SettingsInput } from '../lib/schema.ts';
import { findManifest, type Manifest, settingsOf, synth, synthFiles } from '../test/synthesized.ts';

const files = synthFiles();
const kindsIn = (text: string | undefined) =>
  parseAllDocuments(text ?? '').map((document) => (document.toJS() as Manifest).kind);

test('synthesizing twice gives the same bytes', () => {
  expect(synthFiles()).toEqual(files);
});

test.each(Object.keys(files))('%s is numbered in the order of apply', (name) => {
  expect(name).toMatch(/^\d{4}-[a-z-]+\.k8s\.yaml$/);
});

test('the namespace comes first, and NetworkPolicies before the pods', () => {
  const [namespace, policies] = Object.keys(files).sort();
  expect(kindsIn(files[namespace ?? ''])).toEqual(['Namespace']);
  expect(new Set(kindsIn(files[policies ?? '']))).toEqual(new Set(['NetworkPolicy']));
});

test('disabling a part renames no other file', () => {
  const without = synthFiles({ testApp: { enabled: false }, networkPolicies: false });
  expect(Object.keys(files)).toEqual(expect.arrayContaining(Object.keys(without)));
  expect(Object.keys(without)).toHaveLength(Object.keys(files).length - 2);
});

test('the charts for a local cluster are separate files, written only with the option local', () => {
  const local = Object.keys(synthFiles({}, { local: true }));
  expect(local.filter((name) => !(name in files))).toEqual([
    '0980-customers.k8s.yaml',
    '0990-kind-access.k8s.yaml',
  ]);
});

test.each([{ kind: { journeysPerSecond: 0 } }, { testApp: { enabled: false } }])(
  '%j leaves out the simulated customers',
  (input) => {
    expect(Object.keys(synthFiles(input, { local: true }))).not.toContain(
      '0980-customers.k8s.yaml',
    );
  },
);

const faultSwitches = (input: SettingsInput, local: boolean) => {
  const shop = findManifest(synth(input, { local }), 'Deployment', 'shop');
  const [{ env }] = shop.spec.template.spec.containers;
  return env.find((each: { name: string }) => each.name === 'FAULT_SWITCHES')?.value;
};

test('the homepage of the shop switches faults only on a local cluster', () => {
  expect(faultSwitches({}, true)).toBe('true');
  expect(faultSwitches({ kind: { faultSwitches: false } }, true)).toBe('false');
  expect(faultSwitches({}, false)).toBe('false');
  expect(faultSwitches({ kind: { faultSwitches: true } }, false)).toBe('false');
});

test.each([true, false])(
  'with clusterView.enabled: %j the shop links to each dashboard',
  (enabled) => {
    const shop = findManifest(synth({ clusterView: { enabled } }), 'Deployment', 'shop');
    const [{ env }] = shop.spec.template.spec.containers;
    const { value } = env.find((each: { name: string }) => each.name === 'DASHBOARDS');
    const installed = dashboardsOf(settingsOf({ clusterView: { enabled } }));
    expect(JSON.parse(value)).toEqual(
      installed.map(({ uid, title, description }) => ({ uid, title, description })),
    );
  },
);

test('the setting of one component changes no other file', () => {
  const changed = synthFiles({ loki: { retention: '30d' } });
  const different = Object.keys(files).filter((name) => files[name] !== changed[name]);
  expect(different).toEqual(['0400-loki.k8s.yaml']);
});
