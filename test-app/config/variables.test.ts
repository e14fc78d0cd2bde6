import { EnvironmentError } from './environment.ts';
import { readerOf, variables } from './variables.ts';

const names = Object.keys(variables) as (keyof typeof variables)[];
const required = ['ORDERS_URL', 'INVENTORY_URL', 'PAYMENTS_URL'];

test.each(names.filter((name) => !required.includes(name)))('%s has a default', (name) => {
  expect(() => readerOf({})(name)).not.toThrow();
});

test.each(required)('%s is required', (name) => {
  expect(() => readerOf({})(name as 'ORDERS_URL')).toThrow(
    /must be an http or https URL such as http:\/\/\w+:5000, got nothing/,
  );
});

test.each([
  ['ROLE', 'till', 'ROLE must be one of shop, orders, inventory, payments, all, got "till"'],
  ['PORT', '70000', 'PORT must be a port from 0 to 65535, got "70000"'],
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of fatal, error, warn, info, debug, got "loud"'],
  ['SEED', 'x', 'SEED must be a whole number from 0 to 2147483648, got "x"'],
  ['DELAY_FACTOR', '-1', 'DELAY_FACTOR must be a number from 0 to 100, got "-1"'],
  ['FAULT_SWITCHES', 'yes', 'FAULT_SWITCHES must be one of true, false, got "yes"'],
  ['DRAIN_SECONDS', '61', 'DRAIN_SECONDS must be a whole number from 0 to 60, got "61"'],
] as const)('%s=%s is refused', (name, value, message) => {
  const read = () => readerOf({ [name]: value })(name);
  expect(read).toThrow(EnvironmentError);
  expect(read).toThrow(message);
});
