import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { annotationKeys } from '../lib/model/labels.ts';
import { findManifest, kindAndName, type Manifest, synth } from './synthesized.ts';

const everything = {
  clusterView: { enabled: true },
  collector: {
    drop: [{ signal: 'traces' as const, paths: ['/health'] }],
    redact: { mask: ['email' as const] },
    sampling: { mode: 'head' as const, keep: '10%' },
  },
};
const manifests = synth(everything, { local: true });

const sources = ({ metadata }: Manifest): string[] =>
  (metadata.annotations?.[annotationKeys.source] ?? '').split(',');
const textOf = (object: Manifest) =>
  sources(object)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

test.each(manifests.map((object) => ({ object, name: kindAndName(object) })))(
  '$name names source files that exist',
  ({ object }) => {
    for (const file of sources(object))
      expect({ file, exists: existsSync(file) }).toEqual({ file, exists: true });
  },
);

/** The folder of the construct that each object comes from, by the label of its workload. */
const ofWorkloads = manifests.filter(({ kind }) =>
  ['StatefulSet', 'Deployment', 'DaemonSet', 'Service', 'ServiceAccount', 'ClusterRole'].includes(
    kind,
  ),
);

test.each(ofWorkloads.map((object) => ({ object, name: kindAndName(object) })))(
  '$name comes from the construct of its component, not from what all of them share',
  ({ object }) => {
    const shared = /^lib\/(model|settings|telemetry)\/|^lib\/kubernetes\/(?!node-ports)/;
    expect(sources(object).filter((file) => shared.test(file))).toEqual([]);
    expect(sources(object)[0]).toMatch(/^lib\/[a-z-]+\/[a-z-]+\.ts$/);
  },
);

const configMaps = manifests.filter(({ kind }) => kind === 'ConfigMap');

const dashboards = configMaps.flatMap((object) =>
  Object.entries(object.data as Record<string, string>)
    .filter(([file]) => file.endsWith('.json'))
    .map(([file, text]) => ({ file, object, title: String(JSON.parse(text).title) })),
);

test.each(dashboards)('$file comes from the one file that has its title', ({ object, title }) => {
  expect(sources(object)).toHaveLength(1);
  expect(textOf(object)).toContain(`title: '${title}'`);
});

interface Group {
  readonly rules: readonly { readonly alert?: string }[];
}

const alerts = configMaps
  .filter(({ metadata }) => metadata.name.endsWith('-rules'))
  .flatMap((object) =>
    Object.values(object.data as Record<string, string>)
      .flatMap((text) => (parse(text).groups as Group[]).flatMap(({ rules }) => rules))
      .flatMap(({ alert }) => (alert === undefined ? [] : [{ object, alert }])),
  );

test.each(alerts)('$alert is written in a file that its ConfigMap names', ({ object, alert }) => {
  expect(textOf(object)).toMatch(new RegExp(`\\b${alert}\\b`));
});

test('an object made from several files names each', () => {
  const named = (kind: string, name: string) => sources(findManifest(manifests, kind, name));
  expect(named('ConfigMap', 'otel-collector-config')).toEqual([
    'lib/collector/config.ts',
    'lib/collector/cloud.ts',
    'lib/collector/exporters/stores.ts',
    'lib/collector/exporters/queue.ts',
    'lib/collector/kubernetes-metadata.ts',
    'lib/collector/severity.ts',
    'lib/collector/sanitize.ts',
    'lib/collector/drop.ts',
    'lib/collector/redact.ts',
    'lib/collector/sampling.ts',
  ]);
  expect(named('ConfigMap', 'prometheus-rules')).toContain('alerts/slo.ts');
  expect(named('ConfigMap', 'alertmanager-config')).toContain('alerts/inhibition.ts');
  expect(named('StatefulSet', 'grafana')).toContain('lib/grafana/config.ts');
});

test('a stage that settings leave out is no source of the collector', () => {
  const configMap = findManifest(synth(), 'ConfigMap', 'otel-collector-config');
  expect(sources(configMap)).not.toContain('lib/collector/drop.ts');
});
