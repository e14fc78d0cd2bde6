import { readFileSync } from 'node:fs';
import { settingsJsonSchema } from '../settings/env.ts';
import { alertTable } from './alert-reference.ts';
import { dashboardReference, queryReference } from './dashboard-reference.ts';
import { environmentExample, settingsTable } from './settings-reference.ts';
import { appMetricTable, appVariableTable, faultReference } from './test-app-reference.ts';
import { diagram, edgeTable, portTable, viewEdgeTable } from './topology-reference.ts';

/** Parts of documents that are made, by the name that their markers carry. */
const sections: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/configuration.md': { settings: settingsTable, 'test app': appVariableTable },
  'test-app/README.md': { metrics: appMetricTable, faults: faultReference },
  'docs/alerts.md': { alerts: alertTable },
  'docs/dashboards.md': { dashboards: dashboardReference },
  'docs/queries.md': { queries: queryReference },
  'docs/cluster-view.md': { edges: viewEdgeTable },
  'docs/architecture.md': { diagram, ports: portTable, edges: edgeTable },
};

/** Every file that is made, whole or in parts, with the text that it has to have. */
export function generatedFiles(): Record<string, string> {
  return {
    'mantis.schema.json': `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`,
    '.env.example': environmentExample(),
    ...Object.fromEntries(
      Object.entries(sections).map(([file, parts]) => [file, filled(file, parts)]),
    ),
  };
}

function filled(file: string, parts: Readonly<Record<string, () => string>>): string {
  let text = readFileSync(file, 'utf8');
  for (const [name, make] of Object.entries(parts)) {
    const [begin, end] = [`<!-- made by npm run docs: ${name} -->`, `<!-- end of ${name} -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (after === undefined) throw new Error(`${file}: the markers of ${name} are gone`);
    text = `${before}${begin}\n\n${make()}\n\n${end}${after}`;
  }
  return text;
}
