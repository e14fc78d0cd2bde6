import { measureBudget } from '../../ops/budget/measure.ts';
import { session, withUrls } from './cluster.ts';

test('every query of the budget has a result', async () => {
  const budget = await withUrls(['prometheus'], ({ prometheus }) =>
    measureBudget(prometheus, session.settings, 600),
  );
  const sum = budget.sources.reduce((total, { series }) => total + series, 0);
  expect(sum).toBeGreaterThan(1000);
  // Not compared with the sum: after a restore, series of the last minutes are in a block of the backup.
  expect(budget.series).toBeGreaterThan(1000);
  for (const { rate, share } of budget.stores) {
    expect(rate).toBeGreaterThan(0);
    // What the other tests send would not last on a laptop's volumes: no limit is asserted.
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(Number.POSITIVE_INFINITY);
  }
});
