import { kubectl } from '../../ops/cluster/kubectl.ts';
import { checkApp } from '../../ops/onboarding/check-app.ts';
import { egressPolicy } from '../../ops/onboarding/onboard.ts';
import { pushLogs } from '../push-logs.ts';
import { eventually, session, withUrls } from './cluster.ts';
import { probeFrom } from './connection-probe.ts';
import { idlePod } from './idle-pod.ts';

const { target, settings } = session;

test('an app whose signals arrive with their links passes', () =>
  eventually('the shop to pass', () => checkApp(session, 'shop')));

test('an app that sends only logs fails with what is missing', async () => {
  await withUrls(['otlpHttp'], ({ otlpHttp }) =>
    pushLogs(otlpHttp, {
      service: 'e2e-lines-alone',
      severity: 'INFO',
      text: 'a line without a trace',
      time: new Date(),
    }),
  );
  await eventually('its line', () =>
    expect(checkApp(session, 'e2e-lines-alone')).rejects.toThrow(
      /lacks: traces; metrics; .*logs link to traces/,
    ),
  );
});

test('the NetworkPolicy of onboard lets an isolated namespace send telemetry only', async () => {
  const namespace = `${target.namespace}-e2e-isolated`;
  const isolated = { ...target, namespace };
  const apply = (object: unknown) =>
    kubectl(isolated, ['apply', '--filename=-'], { input: JSON.stringify(object) });
  await kubectl(target, ['create', 'namespace', namespace]).catch(() => {});
  try {
    await apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'default-deny' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    await apply(egressPolicy({ namespace, service: 'isolated' }, settings));
    await apply(JSON.parse(idlePod('isolated')));
    await kubectl(isolated, ['wait', '--for=condition=Ready', 'pod/isolated', '--timeout=90s']);
    const host = (name: string) => `${name}.${target.namespace}.svc.${settings.clusterDomain}`;
    const { connections } = await probeFrom(
      'isolated',
      'isolated',
      [
        { name: 'gRPC', host: host('otel-collector'), port: 4317 },
        { name: 'HTTP', host: host('otel-collector'), port: 4318 },
        { name: 'Grafana', host: host('grafana'), port: 3000 },
      ],
      namespace,
    );
    expect(connections).toEqual({ gRPC: 'open', HTTP: 'open', Grafana: 'blocked' });
  } finally {
    await kubectl(target, ['delete', 'namespace', namespace, '--wait=false']);
  }
});
