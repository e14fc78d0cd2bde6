import { readFileSync } from 'node:fs';
import { externalConfig } from '../../lib/collector/external-access.ts';
import { settingsOf } from '../synthesized.ts';
import { withBinary } from './binaries.ts';
import { sendOtlp, startCollector } from './otelcol.ts';

const text = (value: string) => ({ stringValue: value });
const map = (key: string) => ({ kvlistValue: { values: [{ key, value: text('victim') }] } });

/** All that Loki would store as tenant_id. */
const forged = [
  { key: 'tenant_id', value: text('victim') },
  { key: 'tenant..id', value: text('victim') },
  ...['tenant', 'tenant.', 'tenant_'].map((key) => ({ key, value: map('id') })),
  { key: 'team', value: text('shop') },
];

withBinary('otelcol-contrib', (_run, program) => {
  test('nobody can write the name of another sender', async () => {
    const { collector } = settingsOf({
      collector: {
        externalAccess: {
          tls: { secret: 'otlp-tls' },
          senderAttribute: 'tenant.id',
          browsers: { allowedOrigins: ['https://shop.example.com'], sender: 'web' },
        },
      },
    });
    const { processors } = externalConfig(collector.externalAccess, false);
    const running = await startCollector(program, {
      processors,
      pipelines: { logs: Object.keys(processors) },
    });
    const logRecords = [{ body: text('a line'), attributes: forged }];
    const scopeLogs = [{ scope: { name: 'a', attributes: forged }, logRecords }];
    await sendOtlp(running, 'logs', {
      resourceLogs: [{ resource: { attributes: forged }, scopeLogs }],
    });
    await running.stop();
    const { resourceLogs } = JSON.parse(readFileSync(String(running.files[0]), 'utf8'));
    const [{ resource, scopeLogs: stored }] = resourceLogs;
    const kept = { key: 'team', value: text('shop') };
    expect(resource.attributes).toEqual([
      kept,
      { key: 'tenant.id', value: text('web') },
      // Otherwise that of this cluster is added.
      { key: 'k8s.cluster.name', value: text('web') },
    ]);
    expect(stored[0].scope.attributes).toEqual([kept]);
    expect(stored[0].logRecords[0].attributes).toEqual([kept]);
  });
});
