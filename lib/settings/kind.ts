import { z } from 'zod';
import { dnsLabel } from './units.ts';

const hostPort = (defaultPort: number, what: string) =>
  z
    .int('a port number from 0 to 65535')
    .min(0, 'a port number from 0 to 65535')
    .max(65535, 'a port number from 0 to 65535')
    .default(defaultPort)
    .describe(`Port on localhost for ${what} in the kind cluster; 0 for none`);

export const kindSettings = z.strictObject({
  journeysPerSecond: z
    .number('a number from 0 to 10')
    .min(0, 'a number from 0 to 10')
    .max(10, 'a number from 0 to 10')
    .default(0.5)
    .describe('Simulated customers of the shop per second; 0 for none'),
  faultSwitches: z
    .boolean('true or false')
    .default(true)
    .describe(
      "Show switches on the shop's homepage that start and end faults; only on the kind cluster",
    ),
  clusterName: dnsLabel
    .default('mantis')
    .describe('Name of the kind cluster that make kind-up creates'),
  hostPorts: z
    .strictObject({
      grafana: hostPort(3000, 'Grafana'),
      shop: hostPort(8080, 'the test app'),
      otlpGrpc: hostPort(4317, 'OTLP over gRPC'),
      otlpHttp: hostPort(4318, 'OTLP over HTTP'),
    })
    .prefault({}),
});
