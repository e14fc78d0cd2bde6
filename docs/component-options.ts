import { Duration, Size } from 'cdk8s';
import { z } from 'zod';
import { alertmanagerSettings } from '../lib/alertmanager/settings.ts';
import { collectorSettings } from '../lib/collector/settings.ts';
import { grafanaSettings } from '../lib/grafana/settings.ts';
import { lokiSettings } from '../lib/loki/settings.ts';
import { prometheusSettings } from '../lib/prometheus/settings.ts';
import { placementSettings } from '../lib/settings/placement.ts';
import { platformSettings } from '../lib/settings/platform.ts';
import { tempoSettings } from '../lib/tempo/settings.ts';
import type { JsonSchema } from '../settings/env.ts';

/**
 * The options of components in TypeScript, generated from the schema of their settings, so that editors
 * show the same descriptions and defaults as docs/configuration.md.
 */

interface OptionsFile {
  readonly file: string;
  /** Prefix of the names of the types. */
  readonly name: string;
  readonly title: string;
  readonly schema: z.ZodObject;
  /** The schema in TypeScript: its module, its name, and the type of its input. */
  readonly input: { readonly module: string; readonly name: string; readonly type: string };
  /** Settings that are not options. */
  readonly omit: readonly string[];
}

const omitted = [
  // Options of all pods.
  ...Object.keys(placementSettings),
  // Files beside mantis.yaml.
  ...['rules', 'templates', 'dashboards', 'datasources'],
  // Instead of the component.
  'external',
  // For NetworkPolicies, which are not part of a component.
  ...['allowedSenders', 'allowedClients', 'egress'],
];

const component = (name: string, title: string, schema: z.ZodObject): OptionsFile => {
  const constant = `${name.charAt(0).toLowerCase()}${name.slice(1)}Settings`;
  return {
    file: `lib/${name.toLowerCase()}/options.ts`,
    name,
    title,
    schema,
    input: {
      module: './settings.ts',
      name: constant,
      type: `z.input<typeof ${constant}>`,
    },
    omit: omitted,
  };
};

const files: readonly OptionsFile[] = [
  {
    file: 'lib/settings/pod-options.ts',
    name: 'Pod',
    title: 'Options of the pods of every component.',
    schema: z.object(platformSettings),
    input: {
      module: './platform.ts',
      name: 'platformSettings',
      type: 'z.input<z.ZodObject<typeof platformSettings>>',
    },
    omit: ['namespace'],
  },
  component('Alertmanager', 'Options of Alertmanager.', alertmanagerSettings),
  component('Collector', 'Options of the OpenTelemetry Collector.', collectorSettings),
  component('Grafana', 'Options of Grafana.', grafanaSettings),
  component('Loki', 'Options of Loki.', lokiSettings),
  component('Prometheus', 'Options of Prometheus.', prometheusSettings),
  component('Tempo', 'Options of Tempo.', tempoSettings),
];

/** The text of each file with options, by its path. */
export function optionFiles(): Record<string, string> {
  return Object.fromEntries(files.map((each) => [each.file, optionFile(each)]));
}

function optionFile({ name, title, schema, input, omit }: OptionsFile): string {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  const options = Object.entries(properties)
    .filter(([key]) => !omit.includes(key))
    .map(([key, property]) => ({ key, property, type: typeOf(schema, key, property) }));
  const usesInput = options.some(({ type }) => type.startsWith('Input['));
  const units = ['Duration', 'Size'].filter((unit) =>
    options.some(({ type }) => type.endsWith(` ${unit}`)),
  );
  return [
    '// Generated from the schema of settings by npm run docs.',
    ...(units.length > 0 ? [`import type { ${units.join(', ')} } from 'cdk8s';`] : []),
    ...(usesInput
      ? [
          "import type { z } from 'zod';",
          `import type { ${input.name} } from '${input.module}';`,
          '',
        ]
      : ['']),
    ...(usesInput ? [`type Input = ${input.type};`, ''] : []),
    `/** ${title} */`,
    `export interface ${name}Options {`,
    ...options.flatMap(({ key, property, type }) => [
      ...comment(property),
      `  readonly ${key}?: ${type};`,
    ]),
    '}',
    '',
  ].join('\n');
}

function typeOf(schema: z.ZodObject, key: string, property: JsonSchema): string {
  const parsed: unknown = (schema.shape[key] as z.ZodType).safeParse(undefined).data;
  if (parsed instanceof Duration) return 'string | Duration';
  if (parsed instanceof Size) return 'string | Size';
  const { type, enum: values } = property as { type?: string; enum?: readonly string[] };
  if (values !== undefined) return values.map((value) => `'${value}'`).join(' | ');
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'string' || type === 'boolean' ? type : `Input['${key}']`;
}

/** Its description and default. */
function comment({ description, default: standard, properties = {} }: JsonSchema): string[] {
  const keys = Object.keys(properties).map((key) => `\`${key}\``);
  const [text = '', unset = 'none'] = (description ?? `An object with ${keys.join(', ')}`).split(
    '. Unset: ',
  );
  const fallback =
    standard === undefined ? `- ${unset}` : JSON.stringify(standard).replaceAll('"', "'");
  const words = `${text}. @default ${fallback}`.split(' ');
  const lines = [''];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (word === '@default' || `${last} ${word}`.length > 94) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`.trim();
  }
  return ['  /**', ...lines.map((line) => `   * ${line}`), '   */'];
}
