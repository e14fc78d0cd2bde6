import { attributes } from './app.ts';
import { label, type Metric, prometheusName } from './metric.ts';

const metric = (type: Metric['type'], name: string, unit: string): Metric => ({
  type,
  name,
  unit,
  description: '',
});

test.each([
  ['counter', 'shop.orders.placed', '{order}', 'shop_orders_placed_total'],
  ['counter', 'process.cpu.time', 's', 'process_cpu_time_seconds_total'],
  ['counter', 'http.sent', 'By', 'http_sent_bytes_total'],
  ['counter', 'tries', '1', 'tries_total'],
  ['gauge', 'http.server.active_requests', '{request}', 'http_server_active_requests'],
  ['gauge', 'cache.used', '1', 'cache_used_ratio'],
  ['gauge', 'heap.used', 'By', 'heap_used_bytes'],
  ['histogram', 'http.server.request.duration', 's', 'http_server_request_duration_seconds'],
  ['histogram', 'queue.wait', 'ms', 'queue_wait_milliseconds'],
  ['histogram', 'shop.basket.size', '{item}', 'shop_basket_size'],
] as const)('Prometheus stores the %s %s in %s as %s', (type, name, unit, stored) => {
  expect(prometheusName(metric(type, name, unit))).toBe(stored);
});

test('an attribute becomes a label name that is valid in every query language', () => {
  expect(label('http.response.status_code')).toBe('http_response_status_code');
  for (const attribute of Object.values(attributes)) {
    expect(label(attribute)).toMatch(/^[a-z][a-z0-9_]*$/);
  }
});
