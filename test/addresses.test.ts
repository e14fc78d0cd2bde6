import { configFiles, settingsOf, synth, workloads } from './synthesized.ts';

const manifests = synth();
const settings = settingsOf();
const serviceNames = manifests
  .filter(({ kind }) => kind === 'Service')
  .map(({ metadata }) => metadata.name);
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
  const names = serviceNames.join('|');
  const patterns = [/https?:\/\/([^/:"'\s$]+)/g, new RegExp(`\\b((?:${names})[a-z.]*):\\d+`, 'g')];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, found = '']) => found));
}

// The manifests work in whatever namespace a kustomization puts them.
test.each(texts)('$name addresses Services by their name, without a namespace', ({ text }) => {
  // Links for people have the external URL of Grafana.
  const addresses = text.replaceAll(settings.grafana.url, '');
  expect(findHosts(addresses).filter((name) => !serviceNames.includes(name))).toEqual([]);
});

test('findHosts finds short names and external hosts', () => {
  expect(
    findHosts('url: http://loki:3100/otlp, targets: [tempo:3200], https://example.com/x'),
  ).toEqual(['loki', 'example.com', 'loki', 'tempo']);
});
