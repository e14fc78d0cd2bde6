import { synthCollector } from '../../../test/collector.ts';
import { settingsOf } from '../../../test/synthesized.ts';
import type { SettingsInput } from '../../schema.ts';
import type { CollectorOptions } from '../options.ts';

type Destination = NonNullable<CollectorOptions['forward']>[number];

const vendor: Destination = {
  name: 'vendor',
  endpoint: 'https://otlp.example.com',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector expands it
  headers: { authorization: 'Bearer ${env:TOKEN}' },
};
const site: Destination = {
  name: 'site',
  endpoint: 'http://collector.other:4317',
  protocol: 'grpc',
  signals: ['logs'],
  queueSize: '64Mi',
};

function config(options: CollectorOptions) {
  const { config, container } = synthCollector(options);
  return { ...config, container };
}

const { connectors, processors, exporters, service, container } = config({
  forward: [vendor, site],
  secret: 'vendor',
  mountedSecrets: ['vendor-ca'],
  storage: '4Gi',
});

test('each destination has a pipeline for each of its signals, behind the stores', () => {
  const { pipelines } = service;
  expect(Object.keys(pipelines)).toEqual([
    ...['metrics', 'logs', 'traces'],
    ...['metrics/forward-vendor', 'logs/forward-vendor', 'traces/forward-vendor'],
    'logs/forward-site',
  ]);
  expect(pipelines.logs.exporters).toEqual(['otlp_http/loki', 'forward/copies']);
  expect(pipelines['logs/forward-site']).toEqual({
    receivers: ['forward/copies'],
    processors: ['batch/forward'],
    exporters: ['otlp_grpc/forward-site'],
  });
  expect(connectors).toEqual({ 'forward/copies': {} });
});

test('a signal that nobody wants is not copied', () => {
  const { pipelines } = config({ forward: [site] }).service;
  expect(pipelines.traces.exporters).toEqual(['otlp_grpc/tempo']);
});

test('a full queue of a destination refuses nothing, and does not wait', () => {
  expect(processors['batch/forward']).toEqual({ timeout: '0s', send_batch_size: 0 });
  expect(exporters['otlp_grpc/forward-site']).toMatchObject({
    endpoint: 'http://collector.other:4317',
    tls: { insecure: true },
    sending_queue: {
      storage: 'file_storage',
      queue_size: 64 * 1024 * 1024,
      block_on_overflow: false,
    },
    retry_on_failure: { max_elapsed_time: 0 },
  });
});

test('the queues of destinations are taken from the volume before those of the stores', () => {
  const mebibytes = (4096 - 3 * 256 - 64) / 4;
  expect(exporters['otlp_http/loki'].sending_queue.queue_size).toBe(mebibytes * 1024 * 1024);
});

test('credentials come from the environment, files from mounted Secrets', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector expands it
  expect(exporters['otlp_http/forward-vendor'].headers.authorization).toBe('Bearer ${env:TOKEN}');
  expect(container.envFrom).toEqual([{ secretRef: { name: 'vendor' } }]);
  expect(container.volumeMounts).toContainEqual(
    expect.objectContaining({ mountPath: '/etc/secrets/vendor-ca' }),
  );
});

test('without destinations nothing is forwarded', () => {
  const plain = config({});
  expect(plain.connectors).toBeUndefined();
  expect(plain.service.pipelines.traces.exporters).toEqual(['otlp_grpc/tempo']);
});

const egress = [{ port: 443 }];

test.each<[string, NonNullable<SettingsInput['collector']>, string]>([
  [
    'two of one name',
    { egress, secret: 'a', forward: [vendor, vendor] },
    'a name that no other destination has',
  ],
  ['a variable without a Secret', { egress, forward: [vendor] }, 'with the key TOKEN'],
  ['no egress', { forward: [site] }, 'the destinations of collector.forward'],
  ['gRPC without a port', { egress, forward: [{ ...site, endpoint: 'https://a' }] }, 'with a port'],
  ['queues that do not fit', { egress, storage: '100Mi', forward: [site] }, 'at least 128Mi'],
  [
    'a credential in plain text',
    { egress, forward: [{ ...vendor, headers: { 'x-api-key': 'abc' } }] },
    'no credential in plain text',
  ],
])('%s is refused', (_what, collector, message) => {
  expect(() => settingsOf({ collector })).toThrow(message);
});
