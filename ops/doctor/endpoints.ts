import { type Component, readyPaths } from '../../lib/topology.ts';
import { fetchText } from '../stores/http.ts';
import { examined, type Finding } from './finding.ts';
import { apiOf, type Reach } from './reach.ts';

/** Asks every component whether it is ready, on the page that its readiness probe asks. */
export function askEndpoints(reach: Reach, components: readonly Component[]): Promise<Finding[]> {
  return Promise.all(components.map((component) => askEndpoint(reach, component)));
}

function askEndpoint(reach: Reach, component: Component): Promise<Finding> {
  return examined({ area: 'endpoint', hop: component, suspects: [component] }, async () => {
    const start = Date.now();
    await fetchText(apiOf(reach, component), readyPaths[component]);
    return `ready, answered in ${Date.now() - start} ms`;
  });
}
