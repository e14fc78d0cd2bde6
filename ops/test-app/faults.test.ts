import { faultNames } from '../../test-app/faults/catalogue.ts';
import { faultTable, parseFaultOptions, parseRole } from './faults.ts';

test('the table has every fault with its options', () => {
  const lines = faultTable().split('\n');
  expect(lines).toHaveLength(faultNames.length + 1);
  expect(lines.find((line) => line.includes('error-rate'))).toMatch(/shop .* rate=0.3 /);
});

test('options are parsed from pairs', () => {
  expect(parseFaultOptions(['rate=0.5', 'route=/api/orders/:id', 'type='])).toEqual({
    rate: '0.5',
    route: '/api/orders/:id',
    type: '',
  });
  expect(() => parseFaultOptions(['fast'])).toThrow(
    'options must be pairs such as rate=0.5, got "fast"',
  );
});

test('a fault has a default role, which --role replaces', () => {
  expect(parseRole('provider-down', undefined)).toBe('payments');
  expect(parseRole('latency', 'orders')).toBe('orders');
  expect(() => parseRole('latency', 'till')).toThrow(
    '--role must be one of shop, orders, inventory, payments, got "till"',
  );
});
