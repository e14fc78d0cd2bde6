import { z } from 'zod';
import { alertmanagerSettings } from './alertmanager/settings.ts';
import { clusterViewSettings } from './cluster-view/settings.ts';
import { collectorSettings } from './collector/settings.ts';
import { grafanaSettings } from './grafana/settings.ts';
import { lokiSettings } from './loki/settings.ts';
import { prometheusSettings } from './prometheus/settings.ts';
import { alertsSettings } from './settings/alerts.ts';
import { kindSettings } from './settings/kind.ts';
import { platformSettings } from './settings/platform.ts';
import { cidr, destinations, dnsName, text, written } from './settings/units.ts';
import { tempoSettings } from './tempo/settings.ts';
import { testAppSettings } from './test-app/settings.ts';

/**
 * Everything a user may choose. `settings/load.ts` fills it from mantis.yaml and MANTIS_* variables;
 * the JSON schema, `.env.example` and the table in docs/configuration.md are generated from it.
 */

/** What OTEL_RESOURCE_ATTRIBUTES takes without escapes; the collector stops at anything else. */
const attributeValue = text(/^[A-Za-z0-9._/-]+$/, 'letters, digits and . _ / - only');

export const settingsSchema = z
  .strictObject({
    ...platformSettings,
    clusterDomain: dnsName.default('cluster.local').describe("The cluster's DNS domain"),
    clusterName: attributeValue
      .default('kubernetes')
      .describe('Value of k8s.cluster.name on telemetry that does not bring its own'),
    environment: attributeValue
      .default('development')
      .describe('Value of deployment.environment.name on telemetry that does not bring its own'),
    networkPolicies: z
      .boolean('true or false')
      .default(true)
      .describe('Whether pods are cut off from all but what the topology declares'),
    kubernetesApi: destinations.describe(
      'Where the API server answers those pods that need it, as NetworkPolicies see it; left out, any address on ports 443 and 6443',
    ),
    nodeCidrs: z
      .array(cidr)
      .default([])
      .describe(
        'Addresses of the nodes, as CIDR blocks, where kubelets answer on port 10250; left out, any address',
      ),
    collector: collectorSettings.prefault({}),
    prometheus: prometheusSettings.prefault({}),
    alertmanager: alertmanagerSettings.prefault({}),
    loki: lokiSettings.prefault({}),
    tempo: tempoSettings.prefault({}),
    grafana: grafanaSettings.prefault({}),
    testApp: testAppSettings.prefault({}),
    alerts: alertsSettings.prefault({}),
    clusterView: clusterViewSettings.prefault({}),
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
    const message =
      'where the receivers are, such as [{ port: 443 }]: NetworkPolicies keep Alertmanager from all else';
    issues.push({ code: 'custom', input: egress, path: ['alertmanager', 'egress'], message });
  })
  .check(({ value, issues }) => {
    const { namespace } = value.clusterView;
    if (namespace !== value.namespace) return;
    const message = 'another namespace than that of the stack, whose pods may do less';
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
      input: written(window),
      path: ['alerts', 'slo', 'window'],
      message: `at most prometheus.retention, which is ${written(retention)}`,
    });
  });

/** Settings after defaults and parsing: sizes and durations are objects with their units. */
export type Settings = z.output<typeof settingsSchema>;

/** Settings as a person writes them in mantis.yaml. */
export type SettingsInput = z.input<typeof settingsSchema>;
