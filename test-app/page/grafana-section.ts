import type { Dashboard } from '../config/dashboards.ts';
import { type Html, html } from './html.ts';

/** Links to the dashboards, with the question that each answers. */
export function grafanaSection(grafana: string, dashboards: readonly Dashboard[]): Html {
  return html`<section aria-labelledby="grafana-title">
<h2 id="grafana-title">In Grafana</h2>
<ul class="dashboards">
${dashboards.map(
  ({ uid, title, description }) => html`<li>
<a data-testid="dashboard" href="${grafana}/d/${uid}" target="_blank" rel="noopener">${title}</a>
<p class="hint">${description}</p>
</li>`,
)}
<li><a href="${grafana}/dashboards" target="_blank" rel="noopener">All dashboards</a></li>
</ul>
</section>`;
}

/** A trace in Grafana Explore (https://grafana.com/docs/grafana/latest/explore/). */
export function traceLink(grafana: string, traceId: string): string {
  const datasource = { type: 'tempo', uid: 'tempo' };
  const query = { refId: 'A', datasource, queryType: 'traceql', query: traceId };
  const panes = {
    a: { datasource: datasource.uid, queries: [query], range: { from: 'now-1h', to: 'now' } },
  };
  const parameters = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify(panes) });
  return `${grafana}/explore?${parameters}`;
}
