import { type ExampleQuery, exampleQueries } from '../../dashboards/examples.ts';
import { datasourceUids } from '../../lib/model/uids.ts';
import { sendPanelData } from '../e2e/panel-data.ts';
import { withGrafana } from './browser.ts';
import { see } from './follow.ts';

const uids = {
  PromQL: datasourceUids.prometheus,
  LogQL: datasourceUids.loki,
  TraceQL: datasourceUids.tempo,
} as const;

/** The path of Explore with a query, as its address bar has it. */
function explorePath({ language, query }: ExampleQuery): string {
  const uid = uids[language];
  const text = language === 'TraceQL' ? { query, queryType: 'traceql' } : { expr: query };
  const target = { refId: 'A', datasource: { type: uid, uid }, ...text };
  const pane = { datasource: uid, queries: [target], range: { from: 'now-1h', to: 'now' } };
  const parameters = { schemaVersion: '1', orgId: '1', panes: JSON.stringify({ e2e: pane }) };
  return `/explore?${new URLSearchParams(parameters)}`;
}

beforeAll(sendPanelData);

// A trace id to fill in has only whoever looks for it; links.browser.ts follows it.
const runnable = exampleQueries.filter(({ query }) => !query.includes('…'));

test.each(['PromQL', 'LogQL', 'TraceQL'] as const)(
  'Explore shows a result of every %s query in docs/queries.md',
  (language) =>
    withGrafana(async ({ page, url }) => {
      for (const example of runnable.filter((each) => each.language === language)) {
        await page.goto(`${url}${explorePath(example)}`);
        const result = page.locator('.u-over, .log-line-body, [role="gridcell"]').first();
        await see(result, `a result of "${example.task}"`);
      }
    }),
);
