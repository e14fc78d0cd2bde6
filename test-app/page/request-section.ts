import { traceIdHeader, userHeader } from '../http/request.ts';
import { traceLink } from './grafana-section.ts';
import { type Html, html } from './html.ts';
import { methodOf, type PageRequest, paidOrder, requestGroups } from './requests.ts';

/** The text in the template of a trace link that public/requests.js replaces with a trace id. */
const traceIdPlaceholder = 'TRACE_ID';

/** The buttons that send requests, and the list of their responses. */
export function requestSection(grafana: string): Html {
  return html`<section class="wide" aria-labelledby="requests-title">
<h2 id="requests-title">Requests</h2>
<noscript><p>The buttons need JavaScript; the curl line below does not.</p></noscript>
<div class="requests">
<div class="groups">
${requestGroups.map(
  ({ title, requests }) => html`<div role="group" aria-label="${title}">
<h3>${title}</h3>
<div class="buttons">
${requests.map(button)}
</div>
</div>`,
)}
</div>
<div class="results">
<h3 id="results-title">Responses</h3>
<p class="hint">Each has a link to its trace, which Grafana has some seconds later.</p>
<ol id="results" data-testid="results" aria-labelledby="results-title" aria-live="polite" data-trace-header="${traceIdHeader}" data-trace-link="${traceLink(grafana, traceIdPlaceholder)}" data-trace-placeholder="${traceIdPlaceholder}"></ol>
</div>
</div>
</section>`;
}

function button(request: PageRequest): Html {
  const { label, path, body } = request;
  const method = methodOf(request);
  const json = body === undefined ? html`` : html` data-body="${JSON.stringify(body)}"`;
  return html`<button type="button" class="request" data-testid="request" data-method="${method}" data-path="${path}"${json}>
<span>${label}</span>
<code>${method} ${path}</code>
</button>`;
}

/** A command that places an order. */
export function curlSection(origin: string): Html {
  const command = `curl ${origin}/api/orders -H 'content-type: application/json' -H '${userHeader}: 1' -d '${JSON.stringify(paidOrder)}'`;
  return html`<section class="wide" aria-labelledby="curl-title">
<h2 id="curl-title">From a terminal</h2>
<p>Place an order:</p>
<div class="curl">
<pre id="curl" data-testid="curl">${command}</pre>
<button type="button" id="copy" data-testid="copy-curl">Copy</button>
</div>
</section>`;
}
