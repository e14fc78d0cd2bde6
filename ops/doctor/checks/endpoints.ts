import { type ServiceName, services } from '../../../lib/model/ports.ts';
import { fetchText } from '../../stores/http.ts';
import { apiOf, type StackAccess } from '../model/access.ts';
import { type Finding, runCheck, skippedFinding } from '../model/finding.ts';

/** Requests the path of the readiness probe of every service. */
export function checkEndpoints(access: StackAccess, services: readonly ServiceName[]) {
  return Promise.all(services.map((service) => checkEndpoint(access, service)));
}

function checkEndpoint(access: StackAccess, service: ServiceName): Promise<Finding> {
  const subject = { area: 'endpoint', hop: service, suspects: [service] } as const;
  const connection = access.connections[service];
  if (connection !== undefined && 'skipReason' in connection) {
    return Promise.resolve(skippedFinding(subject, connection.skipReason));
  }
  return runCheck(subject, async () => {
    const start = Date.now();
    await fetchText(apiOf(access, service), services[service].readyPath);
    return `ready, answered in ${Date.now() - start} ms`;
  });
}
