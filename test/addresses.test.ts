import { host } from '../lib/model/topology.ts';
import { configFiles, settingsOf, synth, workloads } from './synthesized.ts';

const manifests = synth();
const settings = settingsOf();
const cluster = host('loki', settings).replace('loki.', '.');
const texts = [
  ...configFiles(manifests).map(({ configMap, file, text }) => ({
    name: `${configMap}/${file}`,
    text,
  })),
  ...workloads(manifests).map(({ metadata, spec }) => {
    const [{ args, env }] = spec.template.spec.containers;
    return { name: `the container of ${metadata.name}`, text: JSON.stringify({ args, env }) };
  }),
];

/** Every host in a URL, and every host:port by the name of a Service. */
function hostsIn(text: string): string[] {
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const names = services.map(({ metadata }) => metadata.name).join('|');
  const patterns = [/https?:\/\/([^/:"'\s$]+)/g, new RegExp(`\\b((?:${names})[a-z.]*):\\d+`, 'g')];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, found = '']) => found));
}

test.each(texts)('$name names hosts of the cluster in full, and none outside', ({ text }) => {
  // Links for people lead to where they open Grafana.
  const addresses = text.replaceAll(settings.grafana.url, '');
  expect(hostsIn(addresses).filter((name) => !name.endsWith(cluster))).toEqual([]);
});

test('a short name and a host outside would be noticed', () => {
  expect(
    hostsIn('url: http://loki:3100/otlp, targets: [tempo:3200], https://example.com/x'),
  ).toEqual(['loki', 'example.com', 'loki', 'tempo']);
});
