import { appMetrics } from '../lib/telemetry/app.ts';
import { prometheusName } from '../lib/telemetry/metric.ts';
import { catalogue, type Fault, faultNames } from '../test-app/faults/catalogue.ts';
import { variables } from '../test-app/variables.ts';
import { markdownTable } from './markdown-table.ts';

/** Every variable that the test app reads itself. */
export function appVariableTable(): string {
  const rows = Object.entries(variables).map(([name, { fallback, what }]) => [
    `\`${name}\``,
    fallback.includes(' ') ? fallback : `\`${fallback}\``,
    what,
  ]);
  return markdownTable(['Variable', 'Default', 'What'], rows);
}

/** Every metric that the test app records itself, and its name in Prometheus. */
export function appMetricTable(): string {
  const rows = Object.values(appMetrics).map((metric) => [
    `\`${metric.name}\``,
    `\`${prometheusName(metric)}\``,
    metric.type,
    metric.description,
  ]);
  return markdownTable(['Metric', 'In Prometheus', 'Type', 'What'], rows);
}

/** Every fault, with what it can be told. */
export function faultReference(): string {
  const rows = faultNames.map((name) => {
    const { what, role, amounts, texts }: Fault = catalogue[name];
    const options = [
      ...Object.entries(amounts).map(
        ([key, { what: means, fallback, max }]) =>
          `\`${key}=${fallback}\` ${means.toLowerCase()}, up to ${max}`,
      ),
      ...Object.entries(texts).map(
        ([key, { what: means, fallback, choices }]) =>
          `\`${key}=${fallback}\` ${means.toLowerCase()}${choices ? `: ${choices.join(', ')}` : ''}`,
      ),
    ];
    return [`\`${name}\``, role, what, options.join('; ')];
  });
  return markdownTable(['Fault', 'Role', 'What', 'Options'], rows);
}
