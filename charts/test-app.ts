import { Construct } from 'constructs';
import { dashboardsOf } from '../dashboards/index.ts';
import { addressesFor } from '../lib/model/addresses.ts';
import { SettingsError } from '../lib/settings/error.ts';
import { withPlacement } from '../lib/settings/placement.ts';
import { TestAppService } from '../lib/test-app/test-app.ts';
import { manifest } from './manifest.ts';
import type { Mantis } from './mantis.ts';

export interface TestAppProps {
  /** The stack that it sends its telemetry to, in whose namespace it is. */
  readonly mantis: Mantis;
  /** Whether its homepage has switches for faults. @default false */
  readonly faultSwitches?: boolean;
}

/**
 * The test app: a shop of four services that call each other, so that traces span several services. Its
 * chart is next to it in its scope.
 */
export class TestApp extends Construct {
  /** @throws SettingsError if the stack has no policies and no dashboard for it */
  constructor(scope: Construct, id: string, { mantis, faultSwitches = false }: TestAppProps) {
    super(scope, id);
    if (!mantis.settings.testApp.enabled) {
      throw new SettingsError(
        `${this.node.path}: testApp.enabled: got false, wanted true in the settings of ${mantis.node.path}, which has the policies and the dashboard of the test app`,
      );
    }
    testApp(scope, mantis, faultSwitches);
  }
}

function testApp(scope: Construct, mantis: Mantis, faultSwitches: boolean): void {
  const { settings } = mantis;
  const { namespace, environment, testApp: own } = settings;
  const common = { platform: withPlacement(settings, own), settings: own, environment };
  const shop = addressesFor('shop', settings);
  const orders = addressesFor('orders', settings);
  const inventory = addressesFor('inventory', settings);
  const payments = addressesFor('payments', settings);
  manifest(scope, { id: mantis.chartId('0900-test-app'), namespace }, (chart) => {
    new TestAppService(chart, 'shop', {
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
    new TestAppService(chart, 'orders', {
      ...common,
      role: 'orders',
      otlpEndpoint: orders('otlpHttp'),
      variables: { PAYMENTS_URL: orders('payments') },
    });
    new TestAppService(chart, 'inventory', {
      ...common,
      role: 'inventory',
      otlpEndpoint: inventory('otlpHttp'),
      variables: { ORDERS_URL: inventory('orders') },
    });
    new TestAppService(chart, 'payments', {
      ...common,
      role: 'payments',
      otlpEndpoint: payments('otlpHttp'),
    });
  });
}
