import { type ExampleQuery, exampleConditions, exampleQueries } from '../dashboards/examples.ts';
import { allDashboards } from '../dashboards/index.ts';
import { type PanelWithQueries, panelsOf } from '../dashboards/panels/panel-queries.ts';

const languages: Readonly<Record<string, string>> = {
  prometheus: 'promql',
  loki: 'logql',
  tempo: 'traceql',
};

/** Every dashboard with its panels and their queries. */
export function dashboardReference(): string {
  return allDashboards
    .map((dashboard) => {
      const variables = (dashboard.templating?.list ?? []).map(({ label }) => label).join(', ');
      const variablesText = variables === '' ? '' : ` Variables: ${variables}.`;
      const heading = `## ${dashboard.title}\n\n${dashboard.description}${variablesText} Its uid is \`${dashboard.uid}\`.`;
      const panels = panelsOf(dashboard).filter(({ targets }) => targets.length > 0);
      return [heading, ...panels.map(panelText)].join('\n\n');
    })
    .join('\n\n');
}

function panelText({ title, description, targets }: PanelWithQueries): string {
  const queries = targets.map(({ datasource, expr, query }) => {
    const text = expr ?? query ?? '# the service graph, which Grafana queries itself';
    return `\`\`\`${languages[datasource.uid] ?? ''}\n${text}\n\`\`\``;
  });
  return [`**${title}**: ${description}`, ...queries].join('\n\n');
}

/** The example queries, one section for each language, and conditions for alerting rules. */
export function queryReference(): string {
  const sections = ['PromQL', 'LogQL', 'TraceQL'] as const;
  const queries = sections.map((language) => {
    const own = exampleQueries.filter((example) => example.language === language);
    return [`## ${language}`, ...own.map(exampleText)].join('\n\n');
  });
  const conditions = ['## Conditions of alerting rules', ...exampleConditions.map(exampleText)];
  return [...queries, conditions.join('\n\n')].join('\n\n');
}

function exampleText({ task, language, query }: ExampleQuery): string {
  return `${task}:\n\n\`\`\`${language.toLowerCase()}\n${query}\n\`\`\``;
}
