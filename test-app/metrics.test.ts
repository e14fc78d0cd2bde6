import { DataPointType } from '@opentelemetry/sdk-metrics';
import { appMetrics } from '../lib/telemetry.ts';
import { createMetrics } from './metrics.ts';
import { inMemoryMeter } from './testing/in-process.ts';

const types = {
  counter: DataPointType.SUM,
  gauge: DataPointType.GAUGE,
  histogram: DataPointType.HISTOGRAM,
};

test.each(Object.values(appMetrics))(
  '$name has the type, unit and text that are published',
  async (metric) => {
    const { meter, collect } = inMemoryMeter();
    createMetrics(meter).orderPlaced(3);
    const recorded = (await collect()).get(metric.name);
    expect(recorded?.descriptor).toMatchObject({
      unit: metric.unit,
      description: metric.description,
    });
    expect(recorded?.dataPointType).toBe(types[metric.type]);
  },
);

test('no metric has a label, so none grows with users, products or paths', async () => {
  const { meter, collect } = inMemoryMeter();
  const metrics = createMetrics(meter);
  metrics.requestStarted();
  for (const items of [1, 2, 3]) metrics.orderPlaced(items);
  for (const { dataPoints } of (await collect()).values()) {
    expect(dataPoints.map(({ attributes }) => attributes)).toEqual([{}]);
  }
});

test('orders are counted from zero, so that the first one is an increase', async () => {
  const { meter, collect } = inMemoryMeter();
  const metrics = createMetrics(meter);
  const placed = async () => (await collect()).get(appMetrics.ordersPlaced.name)?.dataPoints[0];
  expect(await placed()).toMatchObject({ value: 0 });
  metrics.orderPlaced(1);
  expect(await placed()).toMatchObject({ value: 1 });
});

test('the basket histogram holds the number of items', async () => {
  const { meter, collect } = inMemoryMeter();
  createMetrics(meter).orderPlaced(7);
  const basket = (await collect()).get(appMetrics.basketSize.name);
  expect(basket?.dataPoints[0]?.value).toMatchObject({ sum: 7, count: 1 });
});
