import { host } from '../lib/model/addresses.ts';
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
function findHosts(text: string): string[] {
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const names = services.map(({ metadata }) => metadata.name).join('|');
  const patterns = [/https?:\/\/([^/:"'\s$]+)/g, new RegExp(`\\b((?:${names})[a-z.]*):\\d+`, 'g')];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, found = '']) => found));
}

test.each(texts)('$name has only full host names of the cluster', ({ text }) => {
  // Links for people have the external URL of Grafana.
  const addresses = text.replaceAll(settings.grafana.url, '');
  expect(findHosts(addresses).filter((name) => !name.endsWith(cluster))).toEqual([]);
});

test('findHosts finds short names and external hosts', () => {
  expect(
    findHosts('url: http://loki:3100/otlp, targets: [tempo:3200], https://example.com/x'),
  ).toEqual(['loki', 'example.com', 'loki', 'tempo']);
});
