import type { App } from 'cdk8s';
import { Customers, LoadPolicy, LoadTest, type LoadTestProps } from '../lib/jobs/load.ts';
import { appImage } from '../lib/model/images.ts';
import { address } from '../lib/model/topology.ts';
import type { Settings } from '../lib/schema.ts';
import { manifest } from './manifest.ts';

const source = 'lib/jobs/load.ts';

/** A light load that never ends; never part of dist/. */
export function customers(app: App, settings: Settings): void {
  const { namespace, kind } = settings;
  manifest(app, { id: '0980-customers', source, namespace }, (chart) => {
    if (settings.networkPolicies) new LoadPolicy(chart, 'policy');
    new Customers(chart, 'customers', {
      platform: settings,
      image: appImage(settings.testApp),
      shopUrl: address('shop', settings),
      journeysPerSecond: kind.journeysPerSecond,
    });
  });
}

export type LoadTestOptions = Pick<LoadTestProps, 'files' | 'rate' | 'seconds' | 'mix'>;

/** A load that a person asked for, for a while. */
export function loadTest(app: App, settings: Settings, options: LoadTestOptions): void {
  const { namespace } = settings;
  manifest(app, { id: '0985-load', source, namespace }, (chart) => {
    if (settings.networkPolicies) new LoadPolicy(chart, 'policy');
    new LoadTest(chart, 'load', {
      platform: settings,
      shopUrl: address('shop', settings),
      ...options,
    });
  });
}
