import { assetsPrefix } from '../../lib/telemetry/app-paths.ts';
import type { Dashboard } from '../config/dashboards.ts';
import type { FaultName } from '../faults/catalogue.ts';
import { faultSection } from './fault-section.ts';
import { grafanaSection, traceLink } from './grafana-section.ts';
import { type Html, html } from './html.ts';
import { curlSection, requestSection } from './request-section.ts';

export interface PageProps {
  /** Base URL of Grafana. */
  readonly grafana: string;
  readonly dashboards: readonly Dashboard[];
  /** The faults that the page can switch. */
  readonly faults: readonly FaultName[];
}

export interface Visit {
  /** The origin under which the visitor reached the shop. */
  readonly origin: string;
  /** Undefined if tracing is disabled. */
  readonly traceId: string | undefined;
}

/** The markup of the homepage; its style and its scripts are the files in public/. */
export function page({ grafana, dashboards, faults }: PageProps, visit: Visit): string {
  const script = (name: string) =>
    html`<script type="module" src="${assetsPrefix}/${name}.js"></script>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Shop – the test app of Mantis</title>
<link rel="icon" href="${assetsPrefix}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assetsPrefix}/page.css">
${['requests', 'faults', 'copy'].map(script)}
</head>
<body>
<header>
<h1>Shop</h1>
<p>This is a small shop of four services with a database, a cache, a queue and an unreliable payment provider. Every request to it can be followed in <a href="${grafana}" target="_blank" rel="noopener">Grafana</a>, as a trace, as log lines and in metrics.</p>
<p class="hint">The trace of this page: ${traceOfPage(grafana, visit.traceId)}</p>
</header>
<main>
${requestSection(grafana)}
${faultSection(faults)}
${grafanaSection(grafana, dashboards)}
${curlSection(visit.origin)}
</main>
</body>
</html>
`.markup;
}

function traceOfPage(grafana: string, traceId: string | undefined): Html {
  if (traceId === undefined) return html`<code id="trace-id">none, traces are off</code>`;
  const href = traceLink(grafana, traceId);
  return html`<a href="${href}" target="_blank" rel="noopener"><code id="trace-id">${traceId}</code></a>`;
}
