import { defaultSettings } from '../../../settings/load.ts';
import { doctorPlan } from './doctor-plan.ts';

const settings = {
  ...defaultSettings(),
  namespace: 'telemetry',
  clusterDomain: 'example.internal',
};
const { expected, access } = doctorPlan(settings, 20);

test('the pod asks Grafana below the path of its URL', () => {
  const grafana = { ...settings.grafana, url: 'https://example.org/observability' };
  expect(doctorPlan({ ...settings, grafana }, 20).access.connections).toMatchObject({
    grafana: { url: 'http://grafana.telemetry.svc.example.internal:3000/observability' },
    loki: { url: 'http://loki.telemetry.svc.example.internal:3100' },
  });
});

test('the pod connects to the DNS names of Services', () => {
  expect(access.connections).toMatchObject({
    loki: { url: 'http://loki.telemetry.svc.example.internal:3100' },
    otlpGrpc: { url: 'http://otel-collector.telemetry.svc.example.internal:4317' },
  });
});

test('every endpoint has a URL or a reason why it is skipped', () => {
  expect(Object.keys(access.connections).sort()).toEqual(
    [...expected.services, 'otlpGrpc', 'otlpHttp', 'collectorMetrics'].sort(),
  );
  expect(access.connections['otel-collector']).toHaveProperty('skipReason');
});

test('a check has time for more than one request', () => {
  expect(access.requestTimeoutMs).toBeLessThan(access.timeoutSeconds * 500);
});

test('the plan can be written to a JSON file and read again', () => {
  const plan = doctorPlan(settings, 20);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});
