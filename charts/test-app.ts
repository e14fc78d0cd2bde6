import type { App } from 'cdk8s';
import { dashboardsOf } from '../dashboards/index.ts';
import { addressesFor } from '../lib/model/addresses.ts';
import type { Settings } from '../lib/schema.ts';
import { withPlacement } from '../lib/settings/placement.ts';
import { TestApp } from '../lib/test-app/test-app.ts';
import { manifest } from './manifest.ts';

/**
 * The test app: a shop of four services that call each other, so that traces span several services.
 */
export function testApp(app: App, settings: Settings, faultSwitches: boolean): void {
  const { namespace, environment, testApp: own } = settings;
  const common = { platform: withPlacement(settings, own), settings: own, environment };
  const shop = addressesFor('shop', settings);
  const orders = addressesFor('orders', settings);
  const inventory = addressesFor('inventory', settings);
  const payments = addressesFor('payments', settings);
  manifest(app, { id: '0900-test-app', namespace }, (chart) => {
    new TestApp(chart, 'shop', {
      ...common,
      role: 'shop',
      otlpEndpoint: shop('otlpHttp'),
      variables: {
        ORDERS_URL: shop('orders'),
        INVENTORY_URL: shop('inventory'),
        GRAFANA_URL: settings.grafana.url,
        DASHBOARDS: JSON.stringify(
          dashboardsOf(settings).map(({ uid, title, description }) => ({
            uid,
            title,
            description,
          })),
        ),
        FAULT_SWITCHES: String(faultSwitches),
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
