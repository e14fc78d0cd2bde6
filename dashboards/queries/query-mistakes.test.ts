import { allDashboards } from '../index.ts';
import { dashboardQueryMistakes, panelQueries, queryMistake } from './query-mistakes.ts';

test.each(allDashboards)('the queries of $title are of their languages', (dashboard) => {
  expect(dashboardQueryMistakes(dashboard)).toEqual([]);
});

test.each([
  ['prometheus', 'rate(x[$__rate_interval])'],
  ['prometheus', 'rate(x{job=~"$job", pod!="$pod"}[$interval:$step]) offset $offset'],
  ['prometheus', 'topk($top, sum by ($group, le) (x))'],
  ['prometheus', `$metric{a="b"} > \${threshold:raw}`],
  ['prometheus', 'avg_over_time([[metric]][$__range])'],
  ['loki', 'sum(count_over_time({app="$app"} |~ "$filter" [$__auto]))'],
  ['loki', '{app=~"$app"} | json | line_format `{{.a}}`'],
  ['tempo', '{ resource.service.name = "$service" && duration > $slow }'],
  ['tempo', '{ span.http.route =~ "$route" } | quantile_over_time(duration, 0.9)'],
] as const)('%s: %s has no mistake', (language, text) => {
  expect(queryMistake(text, language)).toBeUndefined();
});

test.each([
  ['prometheus', 'rate(x[$__rate_interval]', 'not PromQL after: rate(x[5m]'],
  ['prometheus', 'sum by (', 'not PromQL after: sum by ('],
  ['loki', '{app="a" |= "b"', 'not LogQL after: {app="a"'],
  ['tempo', '{ duration > }', 'not TraceQL'],
] as const)('%s: %s has one', (language, text, mistake) => {
  expect(queryMistake(text, language)).toContain(mistake);
});

test('null is an empty list', () => {
  expect(panelQueries({ panels: null })).toEqual([]);
  expect(panelQueries({ panels: [{ title: 'A', targets: null, panels: null }] })).toEqual([]);
});

const prometheus = { type: 'prometheus', uid: 'prometheus' };

test('a query has the language of its own data source, or of that of its panel', () => {
  const panels = [
    {
      title: 'Mixed',
      datasource: { type: 'datasource', uid: '-- Mixed --' },
      targets: [
        { refId: 'A', expr: 'up', datasource: prometheus },
        { refId: 'B', expr: '{a="b"}', datasource: { uid: 'loki' } },
        { refId: 'C', query: 'SELECT 1', datasource: { type: 'mysql', uid: 'db' } },
        { refId: 'D', expr: 'up', datasource: { uid: '$datasource' } },
      ],
    },
    {
      title: 'Traces',
      datasource: { type: 'tempo', uid: 'tempo' },
      targets: [
        { refId: 'A', query: '{ name = "a" }', queryType: 'traceql' },
        { refId: 'B', query: '0af7651916cd43dd8448eb211c80319c', queryType: 'traceql' },
        { refId: 'C', query: '{}', queryType: 'serviceMap' },
      ],
    },
  ];
  const found = panelQueries({ panels }).map(({ panel, refId, language }) => [
    panel,
    refId,
    language,
  ]);
  expect(found).toEqual([
    ['Mixed', 'A', 'prometheus'],
    ['Mixed', 'B', 'loki'],
    ['Traces', 'A', 'tempo'],
  ]);
});
