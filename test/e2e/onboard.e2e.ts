import { checkApp } from '../../ops/app/check-app.ts';
import { egressPolicy } from '../../ops/app/onboard.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { pushLogs } from '../../ops/stores/collector.ts';
import { bystander } from './bystander.ts';
import { eventually, session, withUrls } from './cluster.ts';
import { lookFrom } from './probe.ts';

const { target, settings } = session;

test('an app whose signals arrive and lead to each other passes', () =>
  eventually('the shop to pass', () => checkApp(session, 'shop')));

test('an app that sends lines alone is told what it lacks', async () => {
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
      /lacks: traces; metrics; .*a log line leads to its trace/,
    ),
  );
});

test('the policy that onboarding prints lets a walled-off namespace send telemetry, and no more', async () => {
  const namespace = `${target.namespace}-e2e-walled`;
  const there = { ...target, namespace };
  const apply = (object: unknown) =>
    kubectl(there, ['apply', '--filename=-'], { input: JSON.stringify(object) });
  await kubectl(target, ['create', 'namespace', namespace]).catch(() => {});
  try {
    await apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'wall' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    await apply(egressPolicy({ namespace, service: 'walled' }, settings));
    await apply(JSON.parse(bystander('walled')));
    await kubectl(there, ['wait', '--for=condition=Ready', 'pod/walled', '--timeout=90s']);
    const host = (name: string) => `${name}.${target.namespace}.svc.${settings.clusterDomain}`;
    const { doors } = await lookFrom(
      'walled',
      'walled',
      [
        { name: 'gRPC', host: host('otel-collector'), port: 4317 },
        { name: 'HTTP', host: host('otel-collector'), port: 4318 },
        { name: 'Grafana', host: host('grafana'), port: 3000 },
      ],
      namespace,
    );
    expect(doors).toEqual({ gRPC: 'open', HTTP: 'open', Grafana: 'blocked' });
  } finally {
    await kubectl(target, ['delete', 'namespace', namespace, '--wait=false']);
  }
});
