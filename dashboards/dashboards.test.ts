import { parser as logqlParser } from '@grafana/lezer-logql';
import { parser as traceqlParser } from '@grafana/lezer-traceql';
import { parser as promqlParser } from '@prometheus-io/lezer-promql';
import { datasourceUids } from '../lib/datasources.ts';
import type { ClassicDashboard } from './dashboard.ts';
import { dashboards } from './index.ts';

interface Target {
  readonly refId: string;
  readonly datasource: { readonly uid: string };
  readonly expr?: string;
  readonly query?: string;
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets: readonly Target[];
}

const all = dashboards as readonly ClassicDashboard[];
const panelsOf = (dashboard: ClassicDashboard) => (dashboard.panels ?? []) as unknown as Panel[];
const panels = all.flatMap((dashboard) =>
  panelsOf(dashboard).map((panel) => ({ where: `${dashboard.title} / ${panel.title}`, panel })),
);
const queries = panels.flatMap(({ where, panel }) =>
  panel.targets.map((target) => ({
    where: `${where} / ${target.refId}`,
    language: target.datasource.uid,
    text: target.expr ?? target.query ?? '',
  })),
);

const parsers = { prometheus: promqlParser, loki: logqlParser, tempo: traceqlParser };

/** The places where a text is not of its language. */
function mistakes(language: keyof typeof parsers, text: string): string[] {
  const plain = text.replaceAll('$__rate_interval', '1m').replaceAll('$__auto', '1m');
  const found: string[] = [];
  parsers[language].parse(plain).iterate({
    enter: (node) => {
      if (node.type.isError) found.push(`${plain.slice(0, node.from)} ◀`);
    },
  });
  return found;
}

test.each(queries.filter(({ text }) => text !== ''))('$where parses as $language', (query) => {
  expect(mistakes(query.language as keyof typeof parsers, query.text)).toEqual([]);
});

test.each([
  ['prometheus', 'sum by (job (rate(x[5m]))'],
  ['loki', '{service_name="x" | trace_id="1"'],
  ['tempo', '{ duration > }'],
] as const)('a broken query is noticed: %s %s', (language, text) => {
  expect(mistakes(language, text)).not.toEqual([]);
});

test.each(panels)('$where says what it shows', ({ panel }) => {
  expect(panel.description).toMatch(/\.$/);
  expect(panel.targets.length).toBeGreaterThan(0);
});

test.each(panels)('$where asks only datasources that exist', ({ panel }) => {
  for (const { datasource } of panel.targets) {
    expect(Object.keys(datasourceUids)).toContain(datasource.uid);
  }
});

test.each(all)(
  '$title: panels have their own ids, stay in the grid and do not overlap',
  (board) => {
    const placed = panelsOf(board);
    expect(new Set(placed.map(({ id }) => id)).size).toBe(placed.length);
    const cells = placed.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  },
);

test.each(all)('$title defines every variable that it uses', (board) => {
  const defined = (board.templating.list ?? []).map(({ name }) => name);
  const used = JSON.stringify(board.panels).matchAll(/\$\{?([a-zA-Z]\w*)/g);
  for (const [, name] of used) expect(defined).toContain(name);
});

test('uids and titles are not shared', () => {
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
});
