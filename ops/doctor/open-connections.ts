import { basePathOf } from '../../lib/model/base-path.ts';
import { type Port, ports, type ServiceName } from '../../lib/model/ports.ts';
import { doctorEdgesOf, endpoints } from '../../lib/model/topology.ts';
import type { Settings } from '../../lib/schema.ts';
import type { Target } from '../cluster/kubectl.ts';
import type { Snapshot } from '../cluster/workloads.ts';
import { type Forward, type ForwardRequest, forward } from '../connections/port-forward.ts';
import { messageOf } from '../process/errors.ts';
import type { CheckedEndpoint, Connection, StackAccess } from './model/access.ts';

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
    resource: ForwardRequest['resource'],
    port: Port,
  ): Promise<[CheckedEndpoint, Connection]> => {
    try {
      requirePod(service, snapshot);
      const connection = await forward(target, {
        resource,
        remotePort: port.number,
        podRunningTimeoutSeconds: timeoutSeconds,
      });
      opened.push(connection);
      return [endpoint, { url: `${connection.url}${basePathOf(service, settings)}` }];
    } catch (error) {
      return [endpoint, { error: messageOf(error) }];
    }
  };
  const connections = await Promise.all([
    // No Service exposes the collector's health port: only the kubelet uses it.
    open(
      'otel-collector',
      'otel-collector',
      'statefulset/otel-collector',
      ports['otel-collector'].health,
    ),
    ...doctorEdgesOf(settings).map(({ to }) => {
      const { service, port } = endpoints[to];
      return open(to, service, `service/${service}`, port);
    }),
  ]);
  return {
    connections: Object.fromEntries(connections) as StackAccess['connections'],
    close: async () => {
      await Promise.all(opened.map((each) => each.close()));
    },
  };
}

/** Fails at once where kubectl would wait for a pod that will not start. */
function requirePod(service: ServiceName, { workloads }: Snapshot): void {
  const workload = workloads.find(({ metadata }) => metadata.name === service);
  if (workload === undefined) throw new Error('connection refused: it is not deployed');
  if (workload.spec.replicas === 0) throw new Error('connection refused: it has no pod');
}
