import { settingsSchema } from '../../lib/schema.ts';
import { parseKeep } from './backup.ts';
import { parseSecrets, secretNames, valuesOf } from './secrets.ts';

test.each([
  [undefined, undefined],
  ['1', 1],
  ['30', 30],
])('--keep %s is %s', (value, count) => {
  expect(parseKeep(value)).toBe(count);
});

test.each(['0', '-1', '7d', '', '1.5'])('--keep %j is refused', (value) => {
  expect(() => parseKeep(value)).toThrow(/^--keep must be a number/);
});

test("the Secrets are Grafana's and those that settings name, each once", () => {
  const settings = settingsSchema.parse({
    alertmanager: { secret: 'receivers' },
    collector: { secret: 'receivers' },
    grafana: { secret: 'datasources' },
    imagePullSecret: 'mirror',
  });
  expect(secretNames(settings)).toEqual(['grafana-admin', 'datasources', 'mirror', 'receivers']);
});

test('values of a Secret are read in plain text', () => {
  const [secret] = parseSecrets(
    '[{"metadata":{"name":"a","uid":"1"},"type":"Opaque","data":{"key":"dmFsdWU="}}]',
  );
  expect(secret?.metadata).toEqual({ name: 'a' });
  expect(valuesOf(secret ?? { data: {} })).toEqual({ key: 'value' });
});
