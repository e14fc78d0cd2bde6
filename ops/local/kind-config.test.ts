import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { nodePorts } from '../../lib/kubernetes/node-ports.ts';
import { settingsSchema } from '../../lib/schema.ts';
import { portMappings } from './host-ports.ts';
import { kindConfigFile } from './kind.ts';
import { kindConfig } from './kind-config.ts';

const template = readFileSync(kindConfigFile, 'utf8');
const defaults = settingsSchema.parse({});

function rewrite(hostPorts: Record<string, number>, source = template) {
  const settings = settingsSchema.parse({ kind: { clusterName: 'mine', hostPorts } });
  return parse(kindConfig(source, 'mine', portMappings(settings)));
}

test('kind-config.yaml holds the default settings and the node ports of the manifests', () => {
  const { name, nodes } = parse(template);
  expect(name).toBe(defaults.kind.clusterName);
  expect(
    nodes[0].extraPortMappings.map((each: Record<string, unknown>) => [
      each.hostPort,
      each.containerPort,
    ]),
  ).toEqual(
    Object.entries(nodePorts).map(([key, nodePort]) => [
      defaults.kind.hostPorts[key as keyof typeof nodePorts],
      nodePort,
    ]),
  );
});

test('default settings do not change the file', () => {
  const { clusterName } = defaults.kind;
  const config = kindConfig(template, clusterName, portMappings(defaults));
  expect(parse(config)).toEqual(parse(template));
});

test('host ports and cluster name are those of the settings', () => {
  const { name, nodes } = rewrite({ grafana: 13000 });
  expect(name).toBe('mine');
  expect(nodes[0].extraPortMappings).toContainEqual({
    hostPort: 13000,
    containerPort: nodePorts.grafana,
    listenAddress: '127.0.0.1',
  });
});

test('a host port of 0 removes its mapping, and an empty list of mappings is removed', () => {
  expect(rewrite({ shop: 0 }).nodes[0].extraPortMappings).toHaveLength(3);
  const none = rewrite({ grafana: 0, shop: 0, otlpGrpc: 0, otlpHttp: 0 });
  expect(none.nodes).toEqual([{ role: 'control-plane' }]);
});

test('added nodes and ports are kept', () => {
  const own = `${template}      - { hostPort: 8443, containerPort: 30443 }\n  - role: worker\n`;
  const { nodes } = rewrite({ grafana: 0, shop: 0, otlpGrpc: 0, otlpHttp: 0 }, own);
  expect(nodes).toEqual([
    { role: 'control-plane', extraPortMappings: [{ hostPort: 8443, containerPort: 30443 }] },
    { role: 'worker' },
  ]);
});
