import {
  type Component,
  enabledServices,
  endpoints,
  type Port,
  ports,
} from '../../lib/model/topology.ts';
import type { Settings } from '../../lib/schema.ts';
import type { Target } from '../cluster/kubectl.ts';
import type { Snapshot } from '../cluster/workloads.ts';
import { type Forward, type ForwardRequest, forward } from '../connections/port-forward.ts';
import { messageOf } from '../process/errors.ts';
import { asked, type Connection, type Place } from './model/reach.ts';

export interface Connections {
  readonly connections: Partial<Record<Place, Connection>>;
  close(): Promise<void>;
}

/** Connects to everything that these settings deploy; what cannot be reached is an answer too. */
export async function connect(
  target: Target,
  settings: Settings,
  snapshot: Snapshot,
  timeoutSeconds: number,
): Promise<Connections> {
  const opened: Forward[] = [];
  const places: readonly PlaceToAsk[] = [
    ...enabledServices(settings).map((component) => ({
      place: component,
      component,
      request: healthPage(component),
    })),
    ...asked.map((place) => ({
      place,
      component: endpoints[place].component,
      request: servicePort(endpoints[place].component, endpoints[place].port),
    })),
  ];
  const pairs = await Promise.all(
    places.map(async ({ place, component, request }): Promise<[Place, Connection]> => {
      const absent = absence(component, snapshot);
      if (absent !== undefined) return [place, { error: absent }];
      try {
        const connection = await forward(target, { ...request, podSeconds: timeoutSeconds });
        opened.push(connection);
        return [place, { url: connection.url }];
      } catch (error) {
        return [place, { error: messageOf(error) }];
      }
    }),
  );
  return {
    connections: Object.fromEntries(pairs),
    close: async () => {
      await Promise.all(opened.map((each) => each.close()));
    },
  };
}

type Request = Pick<ForwardRequest, 'resource' | 'remotePort'>;

interface PlaceToAsk {
  readonly place: Place;
  readonly component: Component;
  readonly request: Request;
}

function servicePort(component: Component, port: Port): Request {
  return { resource: `service/${component}`, remotePort: port.number };
}

/** The collector's health page is on no Service: only the kubelet asks it. */
function healthPage(component: Component): Request {
  if (component === 'otel-collector') {
    const { number } = ports[component].health;
    return { resource: `statefulset/${component}`, remotePort: number };
  }
  const named: { readonly http: Port } | { readonly web: Port } = ports[component];
  return servicePort(component, 'http' in named ? named.http : named.web);
}

/** kubectl would wait for a pod that nobody starts. */
function absence(component: Component, { workloads }: Snapshot): string | undefined {
  const workload = workloads.find(({ metadata }) => metadata.name === component);
  if (workload === undefined) return 'connection refused: it is not deployed';
  return workload.spec.replicas === 0 ? 'connection refused: it has no pod' : undefined;
}
