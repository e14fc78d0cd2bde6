import { Construct } from 'constructs';
import { requirePipelines } from '../collector/config.ts';
import { fieldRef } from '../kubernetes/pod.ts';
import { goMemoryLimit } from '../kubernetes/resources.ts';
import { Workload } from '../kubernetes/workload.ts';
import { renderYaml, withExtraConfig } from '../model/config-file.ts';
import { images } from '../model/images.ts';
import { forwarderLabel } from '../model/labels.ts';
import { ports } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import type { Platform } from '../settings/platform.ts';
import {
  type NodeCollectorConfigProps,
  nodeCollectorConfig,
  nodeCollectorConfigSources,
  nodeVariables,
  podLogs,
} from './node-collector-config.ts';
import type { ClusterViewSettings } from './settings.ts';

export interface NodeCollectorProps
  extends Pick<
    NodeCollectorConfigProps,
    'gateway' | 'namespaces' | 'excludeNamespaces' | 'multiline'
  > {
  readonly platform: Platform;
  readonly settings: ClusterViewSettings['nodeCollector'];
}

/**
 * A collector on every node, for container logs and node metrics. It reads `/var/log/pods` and
 * keeps its state on the node by hostPath volumes, which only the Pod Security level "privileged"
 * allows. Both directories are only accessible to root, so it runs as user 0, but without
 * capabilities, privilege escalation or any other access to the node.
 */
export class NodeCollector extends Construct {
  constructor(scope: Construct, id: string, props: NodeCollectorProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const { settings, platform } = props;
    const { metrics, health } = ports['node-collector'];
    const configDir = '/etc/otelcol';
    const dataDir = `/var/lib/mantis/${platform.namespace}`;
    const config = withExtraConfig(
      nodeCollectorConfig({ ...props, dataDir, storage: settings.storage }),
      settings.extraConfig,
    );
    requirePipelines(config, 'clusterView.nodeCollector.extraConfig');
    new Workload(this, 'workload', {
      name: 'node-collector',
      component: 'node-collector',
      podLabels: { [forwarderLabel]: 'true' },
      image: images.collector,
      platform,
      resources: settings,
      ports: [metrics, health],
      args: [
        `--config=${configDir}/collector.yaml`,
        // Moves the checkpoint only after the next component has accepted a line. By default lines
        // are buffered in memory, where a killed process would lose them.
        '--feature-gates=stanza.synchronousLogEmitter',
      ],
      env: [
        goMemoryLimit(settings),
        { name: nodeVariables.name, valueFrom: { fieldRef: fieldRef('spec.nodeName') } },
        { name: nodeVariables.address, valueFrom: { fieldRef: fieldRef('status.hostIP') } },
      ],
      files: [
        {
          configMap: 'node-collector-config',
          mountPath: configDir,
          files: { 'collector.yaml': renderYaml(config) },
          sources: nodeCollectorConfigSources,
        },
      ],
      kind: 'perNode',
      hostPaths: [{ path: podLogs }, { path: dataDir, writable: true }],
      readinessProbe: { port: metrics },
      livenessProbe: { port: health, path: '/' },
      startupDeadlineSeconds: 120,
      terminationGracePeriodSeconds: 60,
      clusterRoleRules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['nodes/stats'], verbs: ['get'] },
      ],
    });
  }
}
