import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { settingsOf } from '../../test/synthesized.ts';
import { checkTelemetry } from './check-app.ts';
import { egressPolicy, otelVariables, parseAppIdentity } from './onboard.ts';

const app = { namespace: 'my-team', service: 'my-service' };

test('the variables have endpoint, protocol and service name', () => {
  const settings = settingsOf({ namespace: 'o11y', clusterDomain: 'example.org' });
  const variables = otelVariables(app, settings).map((variable) =>
    'value' in variable ? [variable.name, variable.value] : [variable.name, undefined],
  );
  expect(Object.fromEntries(variables)).toMatchObject({
    OTEL_SERVICE_NAME: 'my-service',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-collector.o11y.svc.example.org:4318',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_LOGS_EXPORTER: 'otlp',
  });
  const names = variables.map(([name]) => name);
  // Kubernetes expands $(…) only where the variable is declared above.
  expect(names.indexOf('K8S_POD')).toBeLessThan(names.indexOf('OTEL_RESOURCE_ATTRIBUTES'));
});

test('the policy allows egress to the collector of these settings', () => {
  const policy = JSON.stringify(egressPolicy(app, settingsOf({ namespace: 'o11y' })));
  expect(policy).toContain('"kubernetes.io/metadata.name":"o11y"');
  expect(policy).toContain('"app.kubernetes.io/name":"otel-collector"');
  expect(policy).toContain('"port":4318');
});

test.each([
  ['My Team', 'x', '--namespace must be the name of a namespace, got "My Team"'],
  ['', 'x', '--namespace must be the name of a namespace, got ""'],
  ['x', 'a"b', '--service must have letters, digits and - _ . / only, got "a"b"'],
])('namespace %j and service %j are an error', (namespace, service, message) => {
  expect(() => parseAppIdentity(namespace, service)).toThrow(message);
});

test('an app without stored telemetry passes no check', async () => {
  const server = createServer((request, response) => {
    const streams = request.url?.startsWith('/loki') === true;
    const data = request.url?.includes('exemplars')
      ? []
      : { resultType: streams ? 'streams' : 'vector', result: [] };
    response.end(JSON.stringify({ data, traces: [] }));
  }).listen(0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const checks = await checkTelemetry('nobody', { prometheus: url, loki: url, tempo: url });
  server.close();
  expect(checks).toHaveLength(7);
  expect(checks.filter(({ ok }) => ok)).toEqual([]);
});

test('spans that Tempo does not count are named with the reason', async () => {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://fake').searchParams.get('query') ?? '';
    const metric = { reason: 'outside_metrics_ingestion_slack' };
    const result = query.includes('spans_discarded') ? [{ metric, value: [0, '40'] }] : [];
    const resultType = request.url?.startsWith('/loki') ? 'streams' : 'vector';
    const data = request.url?.includes('exemplars') ? [] : { resultType, result };
    response.end(JSON.stringify({ data, traces: [] }));
  }).listen(0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const checks = await checkTelemetry('late', { prometheus: url, loki: url, tempo: url });
  server.close();
  const rates = checks.find(({ what }) => what.startsWith('request rate'));
  expect(rates?.ok).toBe(false);
  expect(rates?.note).toMatch(/^40 spans .*outside_metrics_ingestion_slack: a span that ended/);
});
