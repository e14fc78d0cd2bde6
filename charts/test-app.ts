import type { App } from 'cdk8s';
import type { Settings } from '../lib/settings.ts';
import { TestApp } from '../lib/test-app.ts';
import { addressesFor } from '../lib/topology.ts';
import { manifest } from './manifest.ts';

/** The demo: a shop whose front calls its orders service, so that a trace crosses a real hop. */
export function testApp(app: App, settings: Settings): void {
  const { namespace, environment } = settings;
  const common = { platform: settings, settings: settings.testApp, environment };
  const shop = addressesFor('shop', settings);
  const orders = addressesFor('orders', settings);
  manifest(app, { id: '0900-test-app', source: 'lib/test-app.ts', namespace }, (chart) => {
    new TestApp(chart, 'shop', {
      ...common,
      role: 'shop',
      otlpEndpoint: shop('otlpHttp'),
      ordersUrl: shop('orders'),
    });
    new TestApp(chart, 'orders', { ...common, role: 'orders', otlpEndpoint: orders('otlpHttp') });
  });
}
