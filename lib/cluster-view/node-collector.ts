import { Construct } from 'constructs';
import { goMemoryLimit } from '../kubernetes/pod.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { viewPorts } from '../model/topology.ts';
import type { Platform } from '../settings/platform.ts';
import {
  type NodeCollectorConfigProps,
  nodeCollectorConfig,
  nodeVariables,
  podLogs,
} from './node-collector-config.ts';
import type { ClusterViewSettings } from './settings.ts';

export interface NodeCollectorProps
  extends Pick<NodeCollectorConfigProps, 'gateway' | 'namespaces' | 'skip'> {
  readonly platform: Platform;
  readonly settings: ClusterViewSettings['nodeCollector'];
}

/**
 * A collector on every node. It reads `/var/log/pods` and keeps its own state on the node, which is
 * why its namespace cannot be "restricted": the first Pod Security level that allows a directory of
 * the node is "privileged". Both directories are root's and closed to others, so it is user 0, but
 * with no capability, no new privileges and nothing else of the node.
 */
export class NodeCollector extends Construct {
  constructor(scope: Construct, id: string, props: NodeCollectorProps) {
    super(scope, id);
    const { settings, platform } = props;
    const { metrics, health } = viewPorts['node-collector'];
    const configDir = '/etc/otelcol';
    const dataDir = `/var/lib/mantis/${platform.namespace}`;
    const config = nodeCollectorConfig({ ...props, dataDir, storage: settings.storage });
    new Workload(this, 'workload', {
      name: 'node-collector',
      role: 'node-collector',
      image: images.collector,
      platform,
      resources: settings,
      ports: [metrics, health],
      args: [
        `--config=${configDir}/collector.yaml`,
        // A line counts as read only when the next processor has it, not while it waits to be
        // handed on in memory, where a killed process would lose it.
        '--feature-gates=stanza.synchronousLogEmitter',
      ],
      env: [
        goMemoryLimit(settings),
        { name: nodeVariables.name, valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        { name: nodeVariables.address, valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
      ],
      files: [
        {
          configMap: 'node-collector-config',
          mountPath: configDir,
          files: { 'collector.yaml': renderYaml(config) },
        },
      ],
      everyNode: true,
      nodeDirectories: [{ path: podLogs }, { path: dataDir, writable: true }],
      ready: { port: metrics },
      live: { port: health, path: '/' },
      startupSeconds: 120,
      terminationGracePeriodSeconds: 60,
      clusterRules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['nodes/stats'], verbs: ['get'] },
      ],
    });
  }
}
