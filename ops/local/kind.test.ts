import { settingsSchema } from '../../lib/schema.ts';
import { targetOf } from '../cluster/session.ts';
import { hostUrlsOf } from '../connections/endpoint-urls.ts';
import { forwardedPort } from '../connections/port-forward.ts';
import { portMappings } from './host-ports.ts';
import { missingMappings, parsePorts } from './kind.ts';

const ports = '6443/tcp -> 127.0.0.1:44489\n30300/tcp -> 127.0.0.1:3000\n30318/tcp -> [::]:4318\n';

test('the mappings of a node are parsed from docker port', () => {
  expect(parsePorts(ports)).toEqual([
    [6443, 44489],
    [30300, 3000],
    [30318, 4318],
  ]);
});

test('URLs have the host ports of the cluster, not those of the settings, and the path of Grafana', () => {
  const settings = settingsSchema.parse({ grafana: { url: 'https://example.org/observability' } });
  expect(hostUrlsOf(new Map(parsePorts(ports)), settings)).toEqual({
    grafana: 'http://localhost:3000/observability',
    otlpHttp: 'http://localhost:4318',
  });
});

test('mappings that were changed after the cluster was created are missing', () => {
  const wanted = portMappings(settingsSchema.parse({ kind: { hostPorts: { otlpHttp: 14318 } } }));
  const missing = missingMappings(wanted, new Map(parsePorts(ports)));
  expect(missing.map(({ name }) => name)).toEqual(['shop', 'otlpGrpc', 'otlpHttp']);
});

test('the local port is parsed from the output of kubectl port-forward', () => {
  expect(forwardedPort('Forwarding from 127.0.0.1:41234 -> 3100\n')).toBe(41234);
  expect(forwardedPort('Forwarding fr')).toBeUndefined();
});

test('the target is the kind cluster of the settings unless a context is given', () => {
  const settings = settingsSchema.parse({ namespace: 'o11y', kind: { clusterName: 'mine' } });
  expect(targetOf(settings)).toEqual({ context: 'kind-mine', namespace: 'o11y' });
  expect(targetOf(settings, 'staging').context).toBe('staging');
});
