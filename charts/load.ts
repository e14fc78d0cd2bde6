import type { App } from 'cdk8s';
import { Customers, LoadGeneratorPolicy, LoadTest, type LoadTestProps } from '../lib/jobs/load.ts';
import { address } from '../lib/model/addresses.ts';
import { testAppImage } from '../lib/model/images.ts';
import type { Settings } from '../lib/schema.ts';
import { withoutSpread } from '../lib/settings/placement.ts';
import { manifest } from './manifest.ts';

/** The Deployment of simulated customers; never part of dist/. */
export function customers(app: App, settings: Settings): void {
  const { namespace, kind } = settings;
  manifest(app, { id: '0980-customers', namespace }, (chart) => {
    if (settings.networkPolicies) new LoadGeneratorPolicy(chart, 'policy', settings);
    new Customers(chart, 'customers', {
      platform: settings,
      image: testAppImage(settings.testApp),
      shopUrl: address('shop', settings),
      journeysPerSecond: kind.journeysPerSecond,
    });
  });
}

export type LoadTestOptions = Pick<LoadTestProps, 'files' | 'rate' | 'seconds' | 'mix'>;

/** The Job of `make load`; never part of dist/. */
export function loadTest(app: App, settings: Settings, options: LoadTestOptions): void {
  const { namespace } = settings;
  manifest(app, { id: '0985-load', namespace }, (chart) => {
    if (settings.networkPolicies) new LoadGeneratorPolicy(chart, 'policy', settings);
    new LoadTest(chart, 'load', {
      platform: withoutSpread(settings),
      shopUrl: address('shop', settings),
      ...options,
    });
  });
}
