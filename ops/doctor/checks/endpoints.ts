import { type Component, readyPaths } from '../../../lib/model/topology.ts';
import { fetchText } from '../../stores/http.ts';
import { examined, type Finding, skipped } from '../model/finding.ts';
import { apiOf, type Reach } from '../model/reach.ts';

/** Asks every component whether it is ready, on the page that its readiness probe asks. */
export function askEndpoints(reach: Reach, components: readonly Component[]): Promise<Finding[]> {
  return Promise.all(components.map((component) => askEndpoint(reach, component)));
}

function askEndpoint(reach: Reach, component: Component): Promise<Finding> {
  const subject = { area: 'endpoint', hop: component, suspects: [component] } as const;
  const connection = reach.connections[component];
  if (connection !== undefined && 'notAsked' in connection) {
    return Promise.resolve(skipped(subject, connection.notAsked));
  }
  return examined(subject, async () => {
    const start = Date.now();
    await fetchText(apiOf(reach, component), readyPaths[component]);
    return `ready, answered in ${Date.now() - start} ms`;
  });
}
