import { type Example, examples } from '../dashboards/examples.ts';
import { allDashboards } from '../dashboards/index.ts';
import { type AskingPanel, panelsOf } from '../dashboards/panels/panel-queries.ts';

const languages: Readonly<Record<string, string>> = {
  prometheus: 'promql',
  loki: 'logql',
  tempo: 'traceql',
};

/** Every dashboard with its panels: the question each one answers, and what it asks. */
export function dashboardReference(): string {
  return allDashboards
    .map((dashboard) => {
      const variables = (dashboard.templating?.list ?? []).map(({ label }) => label).join(', ');
      const choice = variables === '' ? '' : ` To choose from: ${variables}.`;
      const heading = `## ${dashboard.title}\n\n${dashboard.description}${choice} Its uid is \`${dashboard.uid}\`.`;
      return [heading, ...panelsOf(dashboard).map(panelText)].join('\n\n');
    })
    .join('\n\n');
}

function panelText({ title, description, targets }: AskingPanel): string {
  const queries = targets.map(({ datasource, expr, query }) => {
    const text = expr ?? query ?? '# the service map, which Grafana asks for itself';
    return `\`\`\`${languages[datasource.uid] ?? ''}\n${text}\n\`\`\``;
  });
  return [`**${title}**: ${description}`, ...queries].join('\n\n');
}

/** The examples, one section for each language. */
export function queryReference(): string {
  const sections = ['PromQL', 'LogQL', 'TraceQL'] as const;
  return sections
    .map((language) => {
      const own = examples.filter((example) => example.language === language);
      return [`## ${language}`, ...own.map(exampleText)].join('\n\n');
    })
    .join('\n\n');
}

function exampleText({ task, language, query }: Example): string {
  return `${task}:\n\n\`\`\`${language.toLowerCase()}\n${query}\n\`\`\``;
}
