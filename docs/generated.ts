import { readFileSync } from 'node:fs';
import { settingsJsonSchema } from '../settings/env.ts';
import { alertTable } from './alert-reference.ts';
import { apiReference } from './api-reference.ts';
import { optionFiles } from './component-options.ts';
import { dashboardReference, queryReference } from './dashboard-reference.ts';
import { discardTable, exportErrorTable } from './discard-reference.ts';
import { limitTable } from './limit-reference.ts';
import { externalLokiLimits } from './loki-limits.ts';
import { oddItemTable } from './odd-item-reference.ts';
import { environmentExample, settingsTable } from './settings-reference.ts';
import { appMetricTable, appVariableTable, faultReference } from './test-app-reference.ts';
import { clusterViewEdgeTable, diagram, edgeTable, portTable } from './topology-reference.ts';

/** Generated sections of documents, by the name in their markers. */
const sections: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/configuration.md': {
    settings: settingsTable,
    'limits of an external Loki': externalLokiLimits,
    'own rules': () => exampleFile('rules/checkout.yaml'),
    'own rule tests': () => exampleFile('rules/checkout_test.yaml'),
    'own data sources': () => exampleFile('datasources/warehouse.yaml'),
    'test app': appVariableTable,
  },
  'test-app/README.md': { metrics: appMetricTable, faults: faultReference },
  'docs/library.md': Object.fromEntries(
    ['minimal', 'own-rule-and-dashboard', 'loki-alone', 'components', 'test-app'].map((name) => [
      `example ${name}`,
      () => packageExample(name),
    ]),
  ),
  'docs/alerts.md': { alerts: alertTable },
  'docs/dashboards.md': { dashboards: dashboardReference },
  'docs/troubleshooting.md': { 'odd items': oddItemTable },
  'docs/queries.md': { queries: queryReference },
  'docs/runbooks/CollectorDropping.md': { 'export errors': exportErrorTable },
  'docs/runbooks/TelemetryDiscarded.md': { reasons: discardTable },
  'docs/capacity.md': { limits: limitTable },
  'docs/cluster-view.md': { edges: clusterViewEdgeTable },
  'docs/architecture.md': { diagram, ports: portTable, edges: edgeTable },
};

/** Every generated or partly generated file, with its expected content. */
export function generatedFiles(): Record<string, string> {
  return {
    'mantis.schema.json': `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`,
    '.env.example': environmentExample(),
    ...optionFiles(),
    'docs/api.md': apiReference(),
    ...Object.fromEntries(
      Object.entries(sections).map(([file, parts]) => [file, withSections(file, parts)]),
    ),
  };
}

/** A file of docs/examples/, with its name on the first line. */
function exampleFile(name: string): string {
  return `\`\`\`yaml\n# ${name}\n${readFileSync(`docs/examples/${name}`, 'utf8')}\`\`\``;
}

/** A file of examples/, with its name on the first line. */
function packageExample(name: string): string {
  const text = readFileSync(`examples/${name}.ts`, 'utf8');
  return `\`\`\`ts\n// examples/${name}.ts\n${text}\`\`\``;
}

function withSections(file: string, parts: Readonly<Record<string, () => string>>): string {
  let text = readFileSync(file, 'utf8');
  for (const [name, make] of Object.entries(parts)) {
    const [begin, end] = [`<!-- made by npm run docs: ${name} -->`, `<!-- end of ${name} -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (after === undefined)
      throw new Error(`${file}: the markers of the section ${name} are missing`);
    text = `${before}${begin}\n\n${make()}\n\n${end}${after}`;
  }
  return text;
}
