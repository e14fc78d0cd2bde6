import { z } from 'zod';
import { alertmanagerSettings } from './alertmanager/settings.ts';
import { backedUpStores, backupSettings } from './backup/settings.ts';
import { clusterViewSettings } from './cluster-view/settings.ts';
import { collectorSettings } from './collector/settings.ts';
import { grafanaSettings } from './grafana/settings.ts';
import { providerPorts } from './grafana/sign-in/settings.ts';
import { lokiSettings } from './loki/settings.ts';
import { prometheusSettings } from './prometheus/settings.ts';
import { alertsSettings } from './settings/alerts.ts';
import { SettingsError } from './settings/error.ts';
import { mistakesOf } from './settings/issue.ts';
import { kindSettings } from './settings/kind.ts';
import { dnsSettings } from './settings/networks.ts';
import { platformSettings } from './settings/platform.ts';
import { cidr, destinations, dnsName, formatDuration, text } from './settings/units.ts';
import { tempoSettings } from './tempo/settings.ts';
import { testAppSettings } from './test-app/settings.ts';

/**
 * The schema of all settings. `settings/load.ts` parses mantis.yaml and MANTIS_* variables with it;
 * the JSON schema, `.env.example` and the table in docs/configuration.md are generated from it.
 */

/**
 * A value for OTEL_RESOURCE_ATTRIBUTES that needs no escaping; with any other the collector does
 * not start.
 */
const attributeValue = text(/^[A-Za-z0-9._/-]+$/, 'letters, digits and . _ / - only');

export const settingsSchema = z
  .strictObject({
    ...platformSettings,
    clusterDomain: dnsName.default('cluster.local').describe('DNS domain of the cluster'),
    clusterName: attributeValue
      .default('kubernetes')
      .describe(
        'Value of k8s.cluster.name for telemetry that does not set it; telemetry with another value gets no Kubernetes metadata',
      ),
    environment: attributeValue
      .default('development')
      .describe('Value of deployment.environment.name for telemetry that does not set it'),
    networkPolicies: z
      .boolean('true or false')
      .default(true)
      .describe(
        'Deploy NetworkPolicies that deny all connections except those in docs/architecture.md',
      ),
    apiServerAddresses: destinations.describe(
      'Addresses and ports of the API server, for the NetworkPolicies of pods that use it. Unset: any address on ports 443 and 6443',
    ),
    nodeCidrs: z
      .array(cidr)
      .default([])
      .describe(
        'CIDR blocks of the nodes, for the NetworkPolicies of pods that connect to kubelets on port 10250. Unset: any address',
      ),
    dns: dnsSettings.prefault({}),
    collector: collectorSettings.prefault({}),
    prometheus: prometheusSettings.prefault({}),
    alertmanager: alertmanagerSettings.prefault({}),
    loki: lokiSettings.prefault({}),
    tempo: tempoSettings.prefault({}),
    grafana: grafanaSettings.prefault({}),
    testApp: testAppSettings.prefault({}),
    alerts: alertsSettings.prefault({}),
    clusterView: clusterViewSettings.prefault({}),
    backup: backupSettings.prefault({}),
    kind: kindSettings.prefault({}),
  })
  .check(({ value, issues }) => {
    const { imagePullPolicy, imagePrefix, testApp } = value;
    if (imagePullPolicy !== 'Always' || imagePrefix !== undefined) return;
    if (!testApp.enabled || testApp.image !== undefined) return;
    const message =
      "IfNotPresent, or testApp.image, or testApp.enabled: false: the test app's own image is in no registry";
    issues.push({ code: 'custom', input: imagePullPolicy, path: ['imagePullPolicy'], message });
  })
  .check(({ value, issues }) => {
    const { receivers, egress } = value.alertmanager;
    if (!value.networkPolicies || receivers.length === 0 || egress.length > 0) return;
    const usesProxy = ({ email }: (typeof receivers)[number]) => email === undefined;
    if (value.egressProxy.url !== undefined && receivers.every(usesProxy)) return;
    const message =
      'the destinations of the receivers, such as [{ port: 443 }]: NetworkPolicies deny Alertmanager all others';
    issues.push({ code: 'custom', input: egress, path: ['alertmanager', 'egress'], message });
  })
  .check(({ value, issues }) => {
    const { schedule, egress } = value.backup;
    if (!value.networkPolicies || schedule === undefined || egress.length > 0) return;
    if (value.egressProxy.url !== undefined) return;
    const message =
      'the address of the S3 server, such as [{ port: 443 }]: NetworkPolicies deny all others';
    issues.push({ code: 'custom', input: egress, path: ['backup', 'egress'], message });
  })
  .check(({ value, issues }) => {
    const { schedule, stores } = value.backup;
    if (schedule === undefined || backedUpStores(value).length > 0) return;
    const message = 'at least one store that is not external, because there is a schedule';
    issues.push({ code: 'custom', input: stores, path: ['backup', 'stores'], message });
  })
  .check(({ value, issues }) => {
    const { ingress, httpRoute, allowedClients } = value.grafana;
    if (!value.networkPolicies || allowedClients !== undefined) return;
    if (ingress === undefined && httpRoute === undefined) return;
    const message =
      'the namespace of the controller that Grafana is reached through, such as { namespaces: [ingress-nginx] }, or its addresses in cidrs: NetworkPolicies deny all others';
    const path = ['grafana', 'allowedClients'];
    issues.push({ code: 'custom', input: allowedClients, path, message });
  })
  .check(({ value, issues }) => {
    const { oidc, egress } = value.grafana;
    if (!value.networkPolicies || oidc === undefined || value.egressProxy.url !== undefined) return;
    const denied = providerPorts(oidc).find((port) => !egress.some((each) => each.port === port));
    if (denied === undefined) return;
    const message = `the addresses of grafana.oidc.tokenUrl and apiUrl, such as [{ port: ${denied} }]: NetworkPolicies deny Grafana all others`;
    issues.push({ code: 'custom', input: egress, path: ['grafana', 'egress'], message });
  })
  .check(({ value, issues }) => {
    // Both can go through the proxy.
    if (value.egressProxy.url !== undefined) return;
    const { collector, prometheus } = value;
    const needs = [
      { component: 'collector', egress: collector.egress, forward: collector.forward },
      { component: 'prometheus', egress: prometheus.egress, remoteWrite: prometheus.remoteWrite },
    ];
    for (const { component, egress, ...uses } of value.networkPolicies ? needs : []) {
      const [[setting, destinations] = ['', []]] = Object.entries(uses);
      if (destinations.length === 0 || egress.length > 0) continue;
      const message = `the destinations of ${component}.${setting}, such as [{ port: 443 }]: NetworkPolicies deny all others`;
      issues.push({ code: 'custom', input: egress, path: [component, 'egress'], message });
    }
  })
  .check(({ value, issues }) => {
    const { namespace } = value.clusterView;
    if (namespace !== value.namespace) return;
    const message = "another namespace than the stack's, which has a stricter Pod Security level";
    issues.push({
      code: 'custom',
      input: namespace,
      path: ['clusterView', 'namespace'],
      message,
    });
  })
  .check(({ value, issues }) => {
    const { window } = value.alerts.slo;
    const { retention } = value.prometheus;
    if (window === undefined || window.toHours() <= retention.toHours()) return;
    issues.push({
      code: 'custom',
      input: formatDuration(window),
      path: ['alerts', 'slo', 'window'],
      message: `at most prometheus.retention, which is ${formatDuration(retention)}`,
    });
  });

/** Settings after parsing, with defaults: sizes and durations are Size and Duration objects. */
export type Settings = z.output<typeof settingsSchema>;

/** Settings as they are written in mantis.yaml. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** Whether settings are parsed already: only then is a duration an object. */
function isParsed(settings: SettingsInput | Settings): settings is Settings {
  return typeof settings.loki?.retention === 'object';
}

/**
 * Settings that are given in code, with defaults. The test app is off by default.
 *
 * @throws SettingsError with a line for each wrong setting
 */
export function parseSettings(settings: SettingsInput | Settings = {}): Settings {
  if (isParsed(settings)) return settings;
  const { prometheus, alertmanager, loki, grafana } = settings;
  const files = {
    'prometheus.rules': prometheus?.rules,
    'alertmanager.templates': alertmanager?.templates,
    'loki.rules': loki?.rules,
    'grafana.dashboards': grafana?.dashboards,
    'grafana.datasources': grafana?.datasources,
  };
  const listed = Object.entries(files).filter(([, paths = []]) => paths.length > 0);
  const mistakes = listed.map(([key]) => `${key}: wanted no files: loadSettings() reads them`);
  const result = settingsSchema.safeParse(
    { ...settings, testApp: { enabled: false, ...settings.testApp } },
    { reportInput: true },
  );
  if (result.success && mistakes.length === 0) return result.data;
  mistakes.push(...mistakesOf(result.error?.issues ?? []));
  throw new SettingsError(mistakes.map((line) => `settings: ${line}`).join('\n'));
}
