import { faultNames } from '../../test-app/faults/catalogue.ts';
import { faultTable, optionsOf, roleOf } from './faults.ts';

test('the table has every fault with its options', () => {
  const lines = faultTable().split('\n');
  expect(lines).toHaveLength(faultNames.length + 1);
  expect(lines.find((line) => line.includes('error-rate'))).toMatch(/shop .* rate=0.3 /);
});

test('options are pairs', () => {
  expect(optionsOf(['rate=0.5', 'route=/api/orders/:id', 'type='])).toEqual({
    rate: '0.5',
    route: '/api/orders/:id',
    type: '',
  });
  expect(() => optionsOf(['fast'])).toThrow('OPTIONS must be pairs such as rate=0.5, got "fast"');
});

test('a fault is switched on where it shows best, or where it is wanted', () => {
  expect(roleOf('provider-down', undefined)).toBe('payments');
  expect(roleOf('latency', 'orders')).toBe('orders');
  expect(() => roleOf('latency', 'till')).toThrow(
    'ROLE must be one of shop, orders, inventory, payments, got "till"',
  );
});
