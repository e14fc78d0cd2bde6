import { parser as promql } from '@prometheus-io/lezer-promql';

/** The names of metrics and labels in a PromQL query. */
export function promqlNames(query: string): { metrics: string[]; labels: string[] } {
  const metrics: string[] = [];
  const labels: string[] = [];
  promql.parse(query).iterate({
    enter({ name, from, to, node }) {
      const text = query.slice(from, to);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.push(text);
      if (name === 'LabelName') labels.push(text);
    },
  });
  return { metrics, labels };
}
