import { readChoice, readPort, readUrl } from './environment.ts';

const role = (env: Record<string, string>) =>
  readChoice(env, 'ROLE', ['shop', 'orders'] as const, 'shop');
const port = (env: Record<string, string>) => readPort(env, 'PORT', 5000);
const url = (env: Record<string, string>) => readUrl(env, 'ORDERS_URL', 'http://orders:5000');

test('unset variables have a default', () => {
  expect(role({})).toBe('shop');
  expect(port({})).toBe(5000);
});

test('variables are parsed', () => {
  expect(role({ ROLE: 'orders' })).toBe('orders');
  expect(port({ PORT: '8080' })).toBe(8080);
  expect(url({ ORDERS_URL: 'https://orders' }).href).toBe('https://orders/');
});

test.each([
  [() => role({ ROLE: 'till' }), 'ROLE must be one of shop, orders, got "till"'],
  [() => port({ PORT: '70000' }), 'PORT must be a port from 0 to 65535, got "70000"'],
  [() => port({ PORT: 'http' }), 'PORT must be a port from 0 to 65535, got "http"'],
  [() => port({ PORT: '' }), 'PORT must be a port from 0 to 65535, got ""'],
  [
    () => url({}),
    'ORDERS_URL must be an http or https URL such as http://orders:5000, got nothing',
  ],
  [
    () => url({ ORDERS_URL: 'orders:5000' }),
    'ORDERS_URL must be an http or https URL such as http://orders:5000, got "orders:5000"',
  ],
])('an error names the variable, the allowed values and the given one (%#)', (read, message) => {
  expect(read).toThrow(message);
});
