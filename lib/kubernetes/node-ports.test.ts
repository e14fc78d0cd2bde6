import { synthConstruct } from '../../test/construct.ts';
import { findManifest, settingsOf, synth } from '../../test/synthesized.ts';
import { endpoints } from '../model/topology.ts';
import type { SettingsInput } from '../schema.ts';
import { NodePorts, nodePorts } from './node-ports.ts';

function manifestsOf(input: SettingsInput = {}) {
  return synthConstruct((chart) => {
    new NodePorts(chart, 'node-ports', settingsOf(input));
  });
}

const names = Object.keys(nodePorts) as (keyof typeof nodePorts)[];

test.each(names)('%s is reached through its node port, at the port of its pod', (name) => {
  const { service, port } = endpoints[name];
  const { spec } = findManifest(manifestsOf(), 'Service', `${service}-${port.name}-node-port`);
  expect(spec.type).toBe('NodePort');
  expect(spec.ports).toEqual([{ name: port.name, port: port.number, nodePort: nodePorts[name] }]);
  const pod = synth().find(
    ({ kind, metadata }) => /Set|Deployment/.test(kind) && metadata.name === service,
  );
  expect(pod?.spec.template.metadata.labels).toMatchObject(spec.selector);
});

test.each(names)('the NetworkPolicy of %s allows connections that come from no pod', (name) => {
  const { service, port } = endpoints[name];
  const policy = findManifest(manifestsOf(), 'NetworkPolicy', `${service}-${port.name}-node-port`);
  expect(policy.spec.ingress).toEqual([{ ports: [{ protocol: 'TCP', port: port.number }] }]);
});

test('node ports are unique and in the range of Kubernetes', () => {
  const numbers = Object.values(nodePorts);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const number of numbers) {
    expect(number).toBeGreaterThanOrEqual(30000);
    expect(number).toBeLessThanOrEqual(32767);
  }
});

test('a service that is not deployed has no node port', () => {
  const text = JSON.stringify(manifestsOf({ testApp: { enabled: false } }));
  expect(text).toContain('grafana');
  expect(text).not.toContain('shop');
});
