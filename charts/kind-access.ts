import type { App } from 'cdk8s';
import { NodePorts } from '../lib/kubernetes/node-ports.ts';
import type { Settings } from '../lib/schema.ts';
import { manifest } from './manifest.ts';

/** Node ports that make the stack reachable on localhost in a kind cluster; never part of dist/. */
export function kindAccess(app: App, settings: Settings): void {
  const { namespace } = settings;
  manifest(app, { id: '0990-kind-access', namespace }, (chart) => {
    new NodePorts(chart, 'node-ports', settings);
  });
}
