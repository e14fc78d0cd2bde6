import { createServer, type Server } from 'node:net';
import { settingsSchema } from '../../lib/schema.ts';
import { environmentVariables } from '../../settings/env.ts';
import { busyPortMessage, duplicatePorts, isBusy, portMappings } from './host-ports.ts';

const mappings = portMappings(settingsSchema.parse({}));

function listen(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, host, () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
    }),
  );
}

test.each(['127.0.0.1', '0.0.0.0'])('a port with a listener on %s is busy', async (host) => {
  const { server, port } = await listen(host);
  expect(await isBusy(port)).toBe(true);
  await new Promise((resolve) => server.close(resolve));
  expect(await isBusy(port)).toBe(false);
});

test.each(mappings)('a busy $name port names a setting and a variable that exist', (mapping) => {
  const message = busyPortMessage(mapping);
  expect(message).toContain(`host port ${mapping.hostPort} (kind.hostPorts.${mapping.name})`);
  const [, variable] = /(MANTIS_\w+)=/.exec(message) ?? [];
  const known = environmentVariables().find(({ name }) => name === variable);
  expect(known?.path).toEqual(['kind', 'hostPorts', mapping.name]);
});

test('the message names the container that uses the port, and suggests a valid port', () => {
  const message = busyPortMessage({ name: 'shop', hostPort: 60000, nodePort: 30500 }, 'web');
  expect(message).toContain('in use by the container web');
  expect(message).toContain('=50000');
});

test('two settings with the same port are an error that names both', () => {
  const settings = settingsSchema.parse({ kind: { hostPorts: { grafana: 8080 } } });
  expect(duplicatePorts(mappings)).toEqual([]);
  expect(duplicatePorts(portMappings(settings))).toEqual([
    'kind.hostPorts.shop and kind.hostPorts.grafana are both 8080: change one of them',
  ]);
});
