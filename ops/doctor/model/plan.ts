import {
  type Component,
  doctorEdgesOf,
  type Endpoint,
  enabledServices,
  endpoints,
  host,
} from '../../../lib/model/topology.ts';
import type { Settings } from '../../../lib/schema.ts';
import { type Expected, expectedOf } from './expected.ts';
import type { Connection, Place, Reach } from './reach.ts';

/** All that the doctor's pod is told. */
export interface Plan {
  readonly expected: Expected;
  /** All but the login, which it has from the Secret. */
  readonly reach: Omit<Reach, 'login'>;
}

/** How a pod of the cluster reaches everything: by the names of Services, and by nothing else. */
export function planOf(settings: Settings, timeoutSeconds: number): Plan {
  const byService = doctorEdgesOf(settings).map(({ to }): [Place, Connection] => {
    const { component, port }: Endpoint = endpoints[to];
    return [to, { url: `http://${host(component, settings)}:${port.number}` }];
  });
  const withoutService = enabledServices(settings)
    .filter((component) => !byService.some(([place]) => place === component))
    .map((component): [Component, Connection] => [
      component,
      { notAsked: 'its health page is on no Service; what it does is seen below' },
    ]);
  return {
    expected: expectedOf(settings),
    reach: {
      from: 'inside',
      connections: Object.fromEntries([...byService, ...withoutService]),
      ...limits(timeoutSeconds),
    },
  };
}

/** One answer may take a third of what a hop may, so that it can be asked again. */
export function limits(timeoutSeconds: number) {
  return { timeoutSeconds, answerSeconds: Math.ceil(timeoutSeconds / 3) };
}
