import type { App } from 'cdk8s';
import { dashboards } from '../dashboards/index.ts';
import { addressesFor } from '../lib/model/topology.ts';
import type { Settings } from '../lib/schema.ts';
import { TestApp } from '../lib/test-app/test-app.ts';
import { manifest } from './manifest.ts';

/** The demo: a shop of four services that call each other, so that a trace crosses real hops. */
export function testApp(app: App, settings: Settings): void {
  const { namespace, environment } = settings;
  const common = { platform: settings, settings: settings.testApp, environment };
  const shop = addressesFor('shop', settings);
  const orders = addressesFor('orders', settings);
  const inventory = addressesFor('inventory', settings);
  const payments = addressesFor('payments', settings);
  manifest(app, { id: '0900-test-app', source: 'lib/test-app/test-app.ts', namespace }, (chart) => {
    new TestApp(chart, 'shop', {
      ...common,
      role: 'shop',
      otlpEndpoint: shop('otlpHttp'),
      variables: {
        ORDERS_URL: shop('orders'),
        INVENTORY_URL: shop('inventory'),
        GRAFANA_URL: settings.grafana.url,
        DASHBOARDS: dashboards.map(({ uid }) => uid).join(','),
      },
    });
    new TestApp(chart, 'orders', {
      ...common,
      role: 'orders',
      otlpEndpoint: orders('otlpHttp'),
      variables: { PAYMENTS_URL: orders('payments') },
    });
    new TestApp(chart, 'inventory', {
      ...common,
      role: 'inventory',
      otlpEndpoint: inventory('otlpHttp'),
      variables: { ORDERS_URL: inventory('orders') },
    });
    new TestApp(chart, 'payments', {
      ...common,
      role: 'payments',
      otlpEndpoint: payments('otlpHttp'),
    });
  });
}
