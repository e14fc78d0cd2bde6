import type { ConfigObject } from '../model/config-file.ts';
import { sourceFile } from '../model/source.ts';
import { attributes } from '../telemetry/app.ts';
import { signals } from '../telemetry/signal.ts';
import { type ExternalReceiver, externalReceivers } from './external/receivers.ts';
import type { ExternalAccess } from './external/settings.ts';
import { otherCluster } from './kubernetes-metadata.ts';
import { literal } from './ottl/ottl.ts';
import { ottlStage, type PipelineStage, type StatementGroup } from './pipeline-stage.ts';

export const externalSource = sourceFile(import.meta.filename);

const connector = 'forward/external';

/** What is added to each section of the configuration. */
interface ExternalConfig
  extends Record<
    'extensions' | 'receivers' | 'processors' | 'connectors' | 'pipelines',
    ConfigObject
  > {
  /** The further receivers of each signal's pipeline. */
  readonly pipelineReceivers: readonly string[];
}

/**
 * The receivers of senders outside the cluster, each with pipelines that write the sender into what it
 * sends, before the pipelines of everything else.
 *
 * @param addsMetadata whether the pipelines of everything else add the names of pods
 */
export function externalConfig(
  access: ExternalAccess | undefined,
  addsMetadata: boolean,
): ExternalConfig {
  if (access === undefined) return nothing;
  const { extension, receivers } = externalReceivers(access);
  const stages = receivers.map((each) => senderStage(each, access.senderAttribute, addsMetadata));
  const pipelines = receivers.flatMap(({ name }, index) =>
    signals.map((signal) => [
      `${signal}/${name}`,
      {
        receivers: [`otlp/${name}`],
        processors: ['memory_limiter', ...(stages[index]?.pipelines[signal] ?? [])],
        exporters: [connector],
      },
    ]),
  );
  return {
    extensions: extension ? { [extension.name]: extension.config } : {},
    receivers: Object.fromEntries(
      receivers.map(({ name, receiver }) => [`otlp/${name}`, receiver]),
    ),
    processors: Object.assign({}, ...stages.map(({ processors }) => processors)),
    connectors: { [connector]: {} },
    pipelines: Object.fromEntries(pipelines),
    pipelineReceivers: [connector],
  };
}

const nothing: ExternalConfig = {
  extensions: {},
  receivers: {},
  processors: {},
  connectors: {},
  pipelines: {},
  pipelineReceivers: [],
};

/**
 * The names that become the same label as `attribute` in Prometheus or Loki, which write every other
 * character as `_`, and the maps from which Loki makes it: `tenant.name` is `{ tenant: { name } }` too, and
 * `{ "tenant.": { name } }`, because several `_` become one.
 */
export function sameLabel(attribute: string): string {
  const words = attribute.split(/[^A-Za-z0-9]+/);
  const nested = words.reduceRight(
    (rest, word) => `${word}${rest === '' ? '' : `([^A-Za-z0-9]+(${rest})?)?`}`,
    '',
  );
  return `^${nested}$`;
}

/**
 * Writes the sender into every resource. What the sender says about it, in whatever place, is deleted.
 * A request whose sender cannot be determined is refused.
 */
function senderStage(
  receiver: ExternalReceiver,
  attribute: string,
  addsMetadata: boolean,
): PipelineStage {
  const name = `transform/${receiver.name}`;
  const key = literal(attribute);
  const forget = (context: string) =>
    `delete_matching_keys(${context}.attributes, ${literal(sameLabel(attribute))})`;
  const cluster = `resource.attributes[${literal(attributes.k8sClusterName)}]`;
  const ofResource: StatementGroup = {
    statements: [
      forget('resource'),
      `set(resource.attributes[${key}], ${receiver.sender})`,
      // Otherwise it would get the name of this cluster, which everything without one gets.
      ...(attribute === attributes.k8sClusterName
        ? []
        : [`set(${cluster}, resource.attributes[${key}]) where ${cluster} == nil`]),
      // No sender outside the cluster gets the names of a pod, by whose address it may come.
      ...(addsMetadata ? [`set(resource.attributes[${literal(otherCluster)}], "true")`] : []),
    ],
  };
  const groups = (item: string, ...more: string[]): StatementGroup[] => [
    ofResource,
    { statements: [forget('scope')] },
    { statements: [forget(item), ...more] },
  ];
  // The other attributes of resources are not labels of metrics.
  const label =
    attribute === attributes.k8sClusterName
      ? []
      : [`set(datapoint.attributes[${key}], resource.attributes[${key}])`];
  const { processors, ...stage } = ottlStage(externalSource, name, 'statements', {
    traces: groups('span'),
    logs: groups('log'),
    metrics: groups('datapoint', ...label),
  });
  const [config] = Object.values(processors);
  return { ...stage, processors: { [name]: { ...Object(config), error_mode: 'propagate' } } };
}
