import { createServer } from 'node:net';
import { type NodePortName, nodePorts } from '../../lib/kubernetes/node-ports.ts';
import type { Settings } from '../../lib/schema.ts';

/** The mappings of the settings; a host port of 0 means none. */
export function portMappings(settings: Settings) {
  return (Object.keys(nodePorts) as NodePortName[])
    .map((name) => ({
      name,
      hostPort: settings.kind.hostPorts[name],
      nodePort: nodePorts[name],
    }))
    .filter(({ hostPort }) => hostPort !== 0);
}

/** A port of this machine that kind maps to a node port. */
export type PortMapping = ReturnType<typeof portMappings>[number];

/** An error message for each host port that two settings have; Docker's does not name the settings. */
export function duplicatePorts(mappings: readonly PortMapping[]): string[] {
  return mappings.flatMap((mapping, index) => {
    const first = mappings.findIndex(({ hostPort }) => hostPort === mapping.hostPort);
    const other = mappings[first];
    if (first === index || other === undefined) return [];
    return [
      `kind.hostPorts.${mapping.name} and kind.hostPorts.${other.name} are both ${mapping.hostPort}: change one of them`,
    ];
  });
}

/**
 * The error message for a host port that is in use.
 *
 * @param holder the container that uses it, if known
 */
export function busyPortMessage({ name, hostPort }: PortMapping, holder?: string): string {
  const variable = `MANTIS_KIND_HOST_PORTS_${name.replace(/([A-Z])/g, '_$1').toUpperCase()}`;
  const other = hostPort < 50000 ? hostPort + 10000 : hostPort - 10000;
  const by = holder === undefined ? '' : ` by the container ${holder}`;
  return (
    `host port ${hostPort} (kind.hostPorts.${name}) is in use${by}: ` +
    `free it, or choose another with ${variable}=${other} (0 for none)`
  );
}

export async function isBusy(port: number): Promise<boolean> {
  // On macOS a listener on all addresses and one on 127.0.0.1 do not conflict, so both are tried.
  return (await cannotListen(port, '127.0.0.1')) || (await cannotListen(port, '0.0.0.0'));
}

function cannotListen(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Docker may listen on low ports that this user may not: EACCES is no conflict.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ port, host: address, exclusive: true }, () =>
      server.close(() => resolve(false)),
    );
  });
}
