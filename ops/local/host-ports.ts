import { createServer } from 'node:net';
import { type NodePortName, nodePorts } from '../../lib/kubernetes/node-ports.ts';
import type { Settings } from '../../lib/schema.ts';

/** A port of this machine that leads to a node port of the local cluster. */
export interface PortMapping {
  readonly name: NodePortName;
  readonly hostPort: number;
  readonly nodePort: number;
}

/** The mappings that the settings ask for; a host port of 0 asks for none. */
export function portMappings(settings: Settings): PortMapping[] {
  return (Object.keys(nodePorts) as NodePortName[])
    .map((name) => ({
      name,
      hostPort: settings.kind.hostPorts[name],
      nodePort: nodePorts[name],
    }))
    .filter(({ hostPort }) => hostPort !== 0);
}

/** Two things cannot have one port, and Docker's own words for it do not say which setting it is. */
export function duplicatePorts(mappings: readonly PortMapping[]): string[] {
  return mappings.flatMap((mapping, index) => {
    const first = mappings.findIndex(({ hostPort }) => hostPort === mapping.hostPort);
    const other = mappings[first];
    if (first === index || other === undefined) return [];
    return [
      `kind.hostPorts.${mapping.name} and kind.hostPorts.${other.name} are both ${mapping.hostPort}: give one another port`,
    ];
  });
}

/**
 * What to tell the owner of a busy port.
 *
 * @param holder the container that has it, where that is known
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

/** Whether another process listens on a port of this machine. */
export async function isBusy(port: number): Promise<boolean> {
  // On macOS a listener on all addresses does not stand in the way of one on 127.0.0.1 and the
  // other way round, so both are tried.
  return (await cannotListen(port, '127.0.0.1')) || (await cannotListen(port, '0.0.0.0'));
}

function cannotListen(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Docker may use a low port that we may not: only "in use" counts.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ port, host: address, exclusive: true }, () =>
      server.close(() => resolve(false)),
    );
  });
}
