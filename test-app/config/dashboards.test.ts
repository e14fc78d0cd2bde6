import { readDashboards } from './dashboards.ts';

const read = (text?: string) => readDashboards({ DASHBOARDS: text }, 'DASHBOARDS');

test('no dashboards by default', () => {
  expect(read()).toEqual([]);
});

test('a list of dashboards', () => {
  const one = { uid: 'one', title: 'One', description: 'Is it fast?' };
  expect(read(JSON.stringify([one]))).toEqual([one]);
});

test.each(['one,two', '{}', '[{"uid":"one","title":"One"}]', '["one"]', ''])(
  '%j is refused',
  (text) => {
    const got = JSON.stringify(text);
    expect(() => read(text)).toThrow(
      `DASHBOARDS must be a JSON list of objects with the texts uid, title and description, got ${got}`,
    );
  },
);
