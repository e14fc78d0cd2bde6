import { appMetrics } from '../lib/telemetry/app.ts';
import { prometheusName } from '../lib/telemetry/metric.ts';
import { variables } from '../test-app/config/variables.ts';
import { catalogue, type Fault, faultNames } from '../test-app/faults/catalogue.ts';
import { markdownTable } from './markdown-table.ts';

/** A table of the environment variables of the test app. */
export function appVariableTable(): string {
  const rows = Object.entries(variables).map(([name, { fallback, what }]) => [
    `\`${name}\``,
    fallback.includes(' ') ? fallback : `\`${fallback}\``,
    what,
  ]);
  return markdownTable(['Variable', 'Default', 'Description'], rows);
}

/** A table of the metrics that the test app records, with their names in Prometheus. */
export function appMetricTable(): string {
  const rows = Object.values(appMetrics).map((metric) => [
    `\`${metric.name}\``,
    `\`${prometheusName(metric)}\``,
    metric.type,
    metric.description,
  ]);
  return markdownTable(['Metric', 'In Prometheus', 'Type', 'Description'], rows);
}

/** A table of the faults with their options. */
export function faultReference(): string {
  const rows = faultNames.map((name) => {
    const { description, role, numbers, strings }: Fault = catalogue[name];
    const options = [
      ...Object.entries(numbers).map(
        ([key, { description: means, default: fallback, max }]) =>
          `\`${key}=${fallback}\` ${means.toLowerCase()}, up to ${max}`,
      ),
      ...Object.entries(strings).map(
        ([key, { description: means, default: fallback, choices }]) =>
          `\`${key}=${fallback}\` ${means.toLowerCase()}${choices ? `: ${choices.join(', ')}` : ''}`,
      ),
    ];
    return [`\`${name}\``, role, description, options.join('; ')];
  });
  return markdownTable(['Fault', 'Role', 'Description', 'Options'], rows);
}
