import { measureBudget, stores } from '../../ops/budget/measure.ts';
import { session, withUrls } from './cluster.ts';

test('the budget is asked in words that the stores answer', async () => {
  const budget = await withUrls(['prometheus'], ({ prometheus }) =>
    measureBudget(prometheus, session.settings, 600),
  );
  expect(budget.series).toBeGreaterThan(1000);
  const sum = budget.sources.reduce((total, { series }) => total + series, 0);
  // Series that have ended stay in the head for a while.
  expect(sum).toBeGreaterThan(budget.series / 4);
  for (const store of stores) {
    expect(budget.rates[store]).toBeGreaterThan(0);
    expect(budget.stores[store].share).toBeLessThan(1);
  }
});
