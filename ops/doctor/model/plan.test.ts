import { defaultSettings } from '../../../settings/load.ts';
import { planOf } from './plan.ts';
import { asked } from './reach.ts';

const settings = {
  ...defaultSettings(),
  namespace: 'telemetry',
  clusterDomain: 'example.internal',
};
const { expected, reach } = planOf(settings, 20);

test('a pod is told to use the names of Services', () => {
  expect(reach.connections).toMatchObject({
    loki: { url: 'http://loki.telemetry.svc.example.internal:3100' },
    otlpGrpc: { url: 'http://otel-collector.telemetry.svc.example.internal:4317' },
  });
});

test('every place has a way, or a reason why it is not asked', () => {
  expect(Object.keys(reach.connections).sort()).toEqual([...expected.components, ...asked].sort());
  expect(reach.connections['otel-collector']).toHaveProperty('notAsked');
});

test('one hop can be asked more than once', () => {
  expect(reach.answerSeconds).toBeLessThan(reach.timeoutSeconds / 2);
});

test('the plan survives being a file', () => {
  const plan = planOf(settings, 20);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});
