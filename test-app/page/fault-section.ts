import { adminPrefix } from '../../lib/telemetry/app-paths.ts';
import {
  catalogue,
  duration,
  type Fault,
  type FaultName,
  faultNames,
} from '../faults/catalogue.ts';
import { type Html, html } from './html.ts';

/** A switch for each offered fault, and the command for the others. */
export function faultSection(offered: readonly FaultName[]): Html {
  return html`<section aria-labelledby="faults-title">
<h2 id="faults-title">Faults</h2>
${offered.length === 0 ? html`` : switches(offered)}
${faultNames.some((name) => !offered.includes(name)) ? command(offered) : html``}
</section>`;
}

function switches(offered: readonly FaultName[]): Html {
  return html`<p>Switch one on and look for it in Grafana. It ends by itself after ${String(duration.default / 60)} minutes.</p>
<ul id="faults" class="faults" data-url="${adminPrefix}">
${offered.map(
  (name) => html`<li>
<button type="button" role="switch" aria-checked="false" aria-describedby="about-${name}" data-testid="fault" data-fault="${name}">
<span class="track" aria-hidden="true"></span>
<code>${name}</code>
<span class="state" data-testid="fault-state">off</span>
</button>
<p id="about-${name}" class="hint">${about(name)}</p>
</li>`,
)}
</ul>
<p id="fault-error" class="error" role="alert"></p>`;
}

/** The description of a fault with its default options, as `make fault` takes them. */
function about(name: FaultName): string {
  const { description, numbers, strings }: Fault = catalogue[name];
  const options = Object.entries({ ...numbers, ...strings })
    .filter(([, { default: fallback }]) => fallback !== '')
    .map(([key, { default: fallback }]) => `${key}=${fallback}`);
  return options.length === 0 ? description : `${description}: ${options.join(', ')}`;
}

function command(offered: readonly FaultName[]): Html {
  const [example = ''] = faultNames.filter((name) => !offered.includes(name));
  const others = offered.length === 0 ? 'Inject one' : 'Inject another one';
  return html`<p class="hint" data-testid="fault-command">${others} from a terminal: <code>make fault NAME=${example} FOR=5m</code></p>`;
}
