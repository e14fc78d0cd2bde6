import { Ajv2020 } from 'ajv/dist/2020.js';
import { settingsSchema } from '../lib/schema.ts';
import { environmentVariables, settingsJsonSchema } from './env.ts';

const variables = environmentVariables();

test('names follow the keys: an underscore for each level and before each capital', () => {
  expect(variables.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'MANTIS_NAMESPACE',
      'MANTIS_LOKI_RETENTION',
      'MANTIS_LOKI_MEMORY_LIMIT',
      'MANTIS_TEST_APP_ENABLED',
      'MANTIS_KIND_HOST_PORTS_OTLP_GRPC',
    ]),
  );
});

test('no two settings share a variable', () => {
  const names = variables.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('lists and maps have no variable', () => {
  const keys = variables.map(({ path }) => path.at(-1));
  for (const key of ['extraArgs', 'extraConfig', 'scrapeConfigs', 'egress']) {
    expect(keys).not.toContain(key);
  }
});

test.each(variables)('$name has a description', ({ description }) => {
  expect(description).toMatch(/^[A-Z].{10,}[^.]$/);
});

test.each(variables.filter((variable) => variable.default !== undefined))(
  '$name parses its own default',
  (variable) => {
    expect(variable.parse(String(variable.default))).toEqual(variable.default);
  },
);

const validate = new Ajv2020({ strict: false, formats: { cidrv4: true, cidrv6: true } }).compile(
  settingsJsonSchema(),
);

test.each([
  { name: 'nothing', input: {} },
  { name: 'a retention', input: { loki: { retention: '7d' } } },
  { name: 'extra configuration', input: { tempo: { extraConfig: { server: { x: 1 } } } } },
  { name: 'a wrong unit', input: { loki: { storage: '10G' } } },
  { name: 'an unknown key', input: { lokki: {} } },
  { name: 'a wrong type', input: { testApp: { enabled: 'yes' } } },
  { name: 'a port out of range', input: { kind: { hostPorts: { grafana: 70000 } } } },
])('the JSON schema and synth agree on $name', ({ input }) => {
  expect(validate(input)).toBe(settingsSchema.safeParse(input).success);
});
