import type { Meter } from '@opentelemetry/api';
import { appMetrics } from '../lib/telemetry.ts';

/**
 * What the app counts itself, next to what the HTTP instrumentation measures. No instrument has a
 * label: everything that tells orders apart (user, product, id) has no bound.
 */
export interface Metrics {
  orderPlaced(items: number): void;
  requestStarted(): void;
  requestEnded(): void;
}

export function createMetrics(meter: Meter): Metrics {
  const { ordersPlaced, basketSize, requestsActive } = appMetrics;
  const placed = meter.createCounter(ordersPlaced.name, ordersPlaced);
  const basket = meter.createHistogram(basketSize.name, {
    ...basketSize,
    advice: { explicitBucketBoundaries: [1, 2, 3, 5, 8, 13, 21, 34, 55, 100] },
  });
  let active = 0;
  meter
    .createObservableGauge(requestsActive.name, requestsActive)
    .addCallback((result) => result.observe(active));

  // Prometheus sees no increase in a counter that starts at 1.
  placed.add(0);

  return {
    orderPlaced(items) {
      placed.add(1);
      basket.record(items);
    },
    requestStarted() {
      active += 1;
    },
    requestEnded() {
      active -= 1;
    },
  };
}
