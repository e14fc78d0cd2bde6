import type { Attributes, Counter, Histogram, Meter, ObservableResult } from '@opentelemetry/api';
import { appMetrics, type attributes, type shopAttributes } from '../../lib/telemetry/app.ts';
import type { Metric } from '../../lib/telemetry/metric.ts';

/**
 * The attributes of each instrument, all of bounded cardinality: routes are patterns, never paths, and no
 * attribute identifies users, orders or products.
 */
interface RouteLabels extends Attributes {
  [attributes.httpRoute]: string;
  [attributes.httpRequestMethod]: string;
  [attributes.httpResponseStatusCode]: number;
}
interface ErrorLabels extends Attributes {
  [attributes.httpRoute]: string;
  [attributes.errorType]: string;
}
interface DatabaseLabels extends Attributes {
  [attributes.dbSystemName]: 'sqlite';
  [attributes.dbOperationName]: string;
  [attributes.dbCollectionName]: string;
}
export type Outcome = 'authorized' | 'declined' | 'failed';
export type CacheResult = 'hit' | 'miss' | 'bypass';

/** Names of the observable gauges. */
type Gauges = {
  [Name in keyof typeof appMetrics as (typeof appMetrics)[Name]['type'] extends 'gauge'
    ? Name
    : never]: unknown;
};

/** The app's own metrics, in addition to those of the instrumentations. */
export interface Metrics {
  readonly requests: Counter<RouteLabels>;
  readonly errors: Counter<ErrorLabels>;
  readonly responseSize: Histogram<RouteLabels>;
  readonly ordersPlaced: Counter<Record<string, never>>;
  readonly revenue: Counter<{ [shopAttributes.currency]: string }>;
  readonly basketSize: Histogram<Record<string, never>>;
  readonly signups: Counter<Record<string, never>>;
  readonly payments: Counter<{ [shopAttributes.paymentOutcome]: Outcome }>;
  readonly paymentRetries: Counter<Record<string, never>>;
  readonly processDuration: Histogram<Attributes>;
  readonly cacheRequests: Counter<{ [shopAttributes.cacheResult]: CacheResult }>;
  readonly cacheEvictions: Counter<Record<string, never>>;
  readonly dbDuration: Histogram<DatabaseLabels>;
  /** Registers the callback of a gauge; a gauge without one is not exported. */
  gauge(name: keyof Gauges, read: (result: ObservableResult) => void): void;
}

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const items = [1, 2, 3, 5, 8, 13, 21, 34, 55, 100];
const bytes = [100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000];

export function createMetrics(meter: Meter): Metrics {
  const counter = (metric: Metric) => meter.createCounter(metric.name, metric);
  const histogram = (metric: Metric, explicitBucketBoundaries: number[]) =>
    meter.createHistogram(metric.name, { ...metric, advice: { explicitBucketBoundaries } });
  return {
    requests: counter(appMetrics.requests),
    errors: counter(appMetrics.errors),
    responseSize: histogram(appMetrics.responseSize, bytes),
    ordersPlaced: counter(appMetrics.ordersPlaced),
    revenue: counter(appMetrics.revenue),
    basketSize: histogram(appMetrics.basketSize, items),
    signups: counter(appMetrics.signups),
    payments: counter(appMetrics.payments),
    paymentRetries: counter(appMetrics.paymentRetries),
    processDuration: histogram(appMetrics.processDuration, seconds),
    cacheRequests: counter(appMetrics.cacheRequests),
    cacheEvictions: counter(appMetrics.cacheEvictions),
    dbDuration: histogram(appMetrics.dbDuration, seconds),
    gauge(name, read) {
      const metric = appMetrics[name];
      meter.createObservableGauge(metric.name, metric).addCallback(read);
    },
  };
}
