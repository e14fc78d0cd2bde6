import type { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { OwnRuleGroup } from '../alerts/own/rule-file.ts';
import type { OwnDashboardModel } from '../dashboards/own.ts';
import type { Alertmanager } from '../lib/alertmanager/alertmanager.ts';
import type { Collector } from '../lib/collector/collector.ts';
import type { Grafana } from '../lib/grafana/grafana.ts';
import type { Loki } from '../lib/loki/loki.ts';
import type { Prometheus } from '../lib/prometheus/prometheus.ts';
import { parseSettings, type Settings, type SettingsInput } from '../lib/schema.ts';
import { SettingsError } from '../lib/settings/error.ts';
import type { Tempo } from '../lib/tempo/tempo.ts';
import { clusterView } from './cluster-view.ts';
import { type AddManifest, type ManifestId, manifest } from './manifest.ts';
import { stack } from './stack.ts';

export interface MantisProps {
  /**
   * Settings in the keys of mantis.yaml, or those that `loadSettings()` has read from it. In the former
   * `testApp.enabled` is false by default.
   *
   * @default - the defaults in docs/configuration.md, without the test app
   */
  readonly settings?: SettingsInput | Settings;
  /** Rule groups for Prometheus, whose queries are PromQL. @default - only those of Mantis */
  readonly rules?: readonly OwnRuleGroup[];
  /** Rule groups for Loki's ruler, whose queries are LogQL. @default - only those of Mantis */
  readonly lokiRules?: readonly OwnRuleGroup[];
  /**
   * Dashboards in Grafana's classic model, such as `dashboard()` of `@mantis-o11y/mantis/dashboards` and
   * the Foundation SDK build. They are in the folder Own. @default - only those of Mantis
   */
  readonly dashboards?: readonly OwnDashboardModel[];
}

/**
 * The stack: OpenTelemetry Collector, Prometheus, Loki, Tempo, Grafana and Alertmanager in a namespace
 * with NetworkPolicies, with alerts and dashboards, and the cluster view if it is enabled.
 *
 * Its charts are next to it in its scope, so that their files in dist/ have the names, and the order, in
 * which they are applied: `0000-namespace.k8s.yaml` and so on. Those of a second stack in one scope
 * begin with its id.
 */
export class Mantis extends Construct {
  /** All settings, with defaults. */
  readonly settings: Settings;
  /** One for each file. */
  readonly charts: readonly Chart[];
  readonly collector: Collector;
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager;
  readonly grafana: Grafana;
  /**
   * The rules of log lines for the ruler of an external Loki, by file name. Empty if the stack has its
   * own. `make synth` writes them to `dist/rules/loki/`; an App of your own does not.
   */
  readonly rulesOfExternalLoki: Readonly<Record<string, string>>;
  private readonly prefix: string;
  private readonly ownLoki: Loki | undefined;
  private readonly ownTempo: Tempo | undefined;

  /**
   * @param scope the App
   * @throws SettingsError with a line for each wrong setting, and for each mistake in rules and dashboards
   */
  constructor(scope: Construct, id: string, props: MantisProps = {}) {
    super(scope, id);
    this.settings = parseSettings(props.settings);
    const isSecond = scope.node.children.some((each) => each instanceof Mantis && each !== this);
    this.prefix = isSecond ? `${id}-` : '';
    const charts: Chart[] = [];
    const add: AddManifest = (file, namespace, build) => {
      const added = manifest(scope, { id: this.chartId(file), namespace }, build);
      charts.push(added.chart);
      return added.built;
    };
    const components = stack(this.settings, props, add);
    if (this.settings.clusterView.enabled) clusterView(this.settings, add);
    this.charts = charts;
    this.collector = components.collector;
    this.prometheus = components.prometheus;
    this.alertmanager = components.alertmanager;
    this.ownLoki = components.loki;
    this.ownTempo = components.tempo;
    this.rulesOfExternalLoki = components.rulesOfExternalLoki;
    this.grafana = components.grafana;
  }

  /** The id of a chart of this stack, which is the name of its file. */
  chartId(file: ManifestId): string {
    return `${this.prefix}${file}`;
  }

  /** @throws SettingsError if it is external */
  get loki(): Loki {
    return this.ownLoki ?? this.notDeployed('loki');
  }

  /** @throws SettingsError if it is external */
  get tempo(): Tempo {
    return this.ownTempo ?? this.notDeployed('tempo');
  }

  private notDeployed(name: string): never {
    throw new SettingsError(
      `${this.node.path}: ${name} is not deployed: settings.${name}.external has its URLs`,
    );
  }

  /** URL for apps that send OTLP over HTTP: OTEL_EXPORTER_OTLP_ENDPOINT. */
  get otlpEndpoint(): string {
    return this.collector.otlpEndpoint;
  }

  /** host:port for apps that send OTLP over gRPC. */
  get otlpGrpcEndpoint(): string {
    return this.collector.otlpGrpcEndpoint;
  }
}
