import { parse } from 'yaml';
import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { configFile, findManifest, settingsOf } from '../../test/synthesized.ts';
import type { SettingsInput } from '../schema.ts';
import { maxActiveSeries } from './settings.ts';
import { Tempo, type TempoProps } from './tempo.ts';

function tempo(input: TempoProps = {}) {
  const manifests = synthConstruct((chart) => {
    new Tempo(chart, 'tempo', {
      remoteWriteUrl: 'http://prometheus',
      ...input,
    });
  });
  return {
    manifests,
    config: parse(configFile(manifests, 'tempo-config', 'tempo.yaml')),
    ...podTemplateOf(findManifest(manifests, 'StatefulSet', 'tempo')),
  };
}

test('blocks and write-ahead log are on the mounted volume', () => {
  const { config, container } = tempo();
  const { mountPath } = container.volumeMounts.find(
    ({ name }: { name: string }) => name === 'data',
  );
  for (const { path } of [config.storage.trace.wal, config.storage.trace.local]) {
    expect(path.startsWith(`${mountPath}/`)).toBe(true);
  }
});

test('the ports of receivers and API are the ports of the Service', () => {
  const { config, manifests } = tempo();
  const { grpc, http } = config.distributor.receivers.otlp.protocols;
  const endpoints: string[] = [grpc.endpoint, http.endpoint];
  const { spec } = findManifest(manifests, 'Service', 'tempo');
  expect(spec.ports.map(({ port }: { port: number }) => port).sort()).toEqual(
    [
      config.server.http_listen_port,
      ...endpoints.map((endpoint) => Number(endpoint.split(':')[1])),
    ].sort(),
  );
  for (const endpoint of endpoints) expect(endpoint).toMatch(/^:\d/);
});

test('a query may cover the whole retention', () => {
  const { search, metrics } = tempo().config.query_frontend;
  expect([search.max_duration, metrics.max_duration]).toEqual(['0s', '0s']);
});

test('settings are in the configuration, and extraConfig is merged into it', () => {
  const { config, container } = tempo({
    retention: '7d',
    extraConfig: { overrides: { defaults: { global: { max_bytes_per_trace: 1_000_000 } } } },
    extraArgs: ['-log.level=debug'],
  });
  expect(config.overrides.defaults).toMatchObject({
    compaction: { block_retention: '168h' },
    global: { max_bytes_per_trace: 1_000_000 },
  });
  expect(container.args.at(-1)).toBe('-log.level=debug');
});

test.each([
  [{}, 30_000],
  [{ alerts: { maxSeries: 1_000_000 } }, 200_000],
  [{ tempo: { maxActiveSeries: 5000 }, alerts: { maxSeries: 1_000_000 } }, 5000],
] satisfies [SettingsInput, number][])(
  'with %j Tempo generates at most %d series',
  (input, most) => {
    expect(maxActiveSeries(settingsOf(input))).toBe(most);
  },
);
