import { type Port, ports, type ServiceName } from '../../lib/model/ports.ts';
import { enabledServices, endpoints } from '../../lib/model/topology.ts';
import type { Settings } from '../../lib/schema.ts';
import type { Target } from '../cluster/kubectl.ts';
import type { Snapshot } from '../cluster/workloads.ts';
import { type Forward, type ForwardRequest, forward } from '../connections/port-forward.ts';
import { messageOf } from '../process/errors.ts';
import {
  type CheckedEndpoint,
  type Connection,
  pipelineEndpoints,
  type StackAccess,
} from './model/access.ts';

/** Opens a port-forward to each endpoint of the stack; a failure is kept as its `error`. */
export async function connect(
  target: Target,
  settings: Settings,
  snapshot: Snapshot,
  timeoutSeconds: number,
) {
  const opened: Forward[] = [];
  const open = async (
    endpoint: CheckedEndpoint,
    service: ServiceName,
    forwardTarget: ForwardTarget,
  ): Promise<[CheckedEndpoint, Connection]> => {
    try {
      requirePod(service, snapshot);
      const options = { ...forwardTarget, podRunningTimeoutSeconds: timeoutSeconds };
      const connection = await forward(target, options);
      opened.push(connection);
      return [endpoint, { url: connection.url }];
    } catch (error) {
      return [endpoint, { error: messageOf(error) }];
    }
  };
  const connections = await Promise.all([
    ...enabledServices(settings).map((service) => open(service, service, healthPage(service))),
    ...pipelineEndpoints.map((endpoint) => {
      const { service, port } = endpoints[endpoint];
      return open(endpoint, service, servicePort(service, port));
    }),
  ]);
  return {
    connections: Object.fromEntries(connections) as StackAccess['connections'],
    close: async () => {
      await Promise.all(opened.map((each) => each.close()));
    },
  };
}

type ForwardTarget = Pick<ForwardRequest, 'resource' | 'remotePort'>;

function servicePort(service: ServiceName, port: Port): ForwardTarget {
  return { resource: `service/${service}`, remotePort: port.number };
}

/** No Service exposes the collector's health port: only the kubelet uses it. */
function healthPage(service: ServiceName): ForwardTarget {
  if (service === 'otel-collector') {
    const { number } = ports[service].health;
    return { resource: `statefulset/${service}`, remotePort: number };
  }
  const named: { readonly http: Port } | { readonly web: Port } = ports[service];
  return servicePort(service, 'http' in named ? named.http : named.web);
}

/** Fails at once where kubectl would wait for a pod that will not start. */
function requirePod(service: ServiceName, { workloads }: Snapshot): void {
  const workload = workloads.find(({ metadata }) => metadata.name === service);
  if (workload === undefined) throw new Error('connection refused: it is not deployed');
  if (workload.spec.replicas === 0) throw new Error('connection refused: it has no pod');
}
