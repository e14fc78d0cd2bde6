import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { dnsEgress, tcpPort } from '../../lib/kubernetes/network-policies.ts';
import { address } from '../../lib/model/addresses.ts';
import { type ConfigObject, renderYaml } from '../../lib/model/config-file.ts';
import { selectorLabels } from '../../lib/model/labels.ts';
import { endpoints } from '../../lib/model/topology.ts';
import type { Settings } from '../../lib/schema.ts';
import { exporterVariables } from '../../lib/test-app/test-app.ts';
import { kubectlList } from '../cluster/kubectl.ts';
import type { Session } from '../cluster/session.ts';
import { UserError } from '../process/errors.ts';
import { print, printWarning } from '../process/output.ts';

/** @param service its service.name */
export function parseAppIdentity(namespace: string, service: string) {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
    throw new UserError(`--namespace must be the name of a namespace, got "${namespace}"`);
  }
  return { namespace, service: parseService(service) };
}

export type AppIdentity = ReturnType<typeof parseAppIdentity>;

export function parseService(service: string): string {
  if (/^[\w./-]+$/.test(service)) return service;
  throw new UserError(`--service must have letters, digits and - _ . / only, got "${service}"`);
}

/** `./mantis onboard`: prints what an app of another namespace needs to send telemetry. */
export async function onboard({ settings, target }: Session, app: AppIdentity): Promise<void> {
  const appTarget = { ...target, namespace: app.namespace };
  const policies = await kubectlList(appTarget, policySchema, ['get', 'networkpolicies']);
  print(`# For the container of ${app.service}; every OpenTelemetry SDK reads these variables`);
  print(renderYaml({ env: otelVariables(app, settings) }));
  if (policies.some(({ spec }) => spec.policyTypes?.includes('Egress'))) {
    print('# NetworkPolicies restrict its egress; this one allows every pod to send telemetry');
    print(renderYaml(egressPolicy(app, settings)));
  }
  const { allowedSenders } = settings.collector;
  const namespaces = allowedSenders === 'all' ? 'all' : allowedSenders.namespaces;
  if (namespaces !== 'all' && !namespaces.includes(app.namespace)) {
    printWarning(
      `the collector does not take telemetry from ${app.namespace} unless the namespace has the labels of collector.allowedSenders: add it to collector.allowedSenders.namespaces`,
    );
  }
  print(`# A minute after it runs: ./mantis check-app --service ${app.service}`);
}

const policySchema = z.object({
  spec: z.object({ policyTypes: z.array(z.string()).optional() }),
});

/**
 * Standard variables of OpenTelemetry SDKs
 * (https://opentelemetry.io/docs/languages/sdk-configuration/), with the pod's resource attributes.
 */
export function otelVariables({ service }: AppIdentity, settings: Settings) {
  const field = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  });
  const resource = {
    'k8s.namespace.name': '$(K8S_NAMESPACE)',
    'k8s.pod.name': '$(K8S_POD)',
    'k8s.container.name': service,
    'service.instance.id': '$(K8S_POD)',
  };
  return [
    field('K8S_NAMESPACE', 'metadata.namespace'),
    field('K8S_POD', 'metadata.name'),
    { name: 'OTEL_SERVICE_NAME', value: service },
    {
      name: 'OTEL_RESOURCE_ATTRIBUTES',
      value: Object.entries(resource)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    },
    ...Object.entries(exporterVariables(address('otlpHttp', settings))).map(([name, value]) => ({
      name,
      value,
    })),
  ];
}

/** A NetworkPolicy that allows the pods of a namespace to send telemetry, as plain JSON. */
export function egressPolicy({ namespace }: AppIdentity, settings: Settings): ConfigObject {
  const { service } = endpoints.otlpHttp;
  const policy = new k8s.KubeNetworkPolicy(new Chart(new App(), 'onboard'), 'policy', {
    metadata: { name: 'send-telemetry', namespace },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        dnsEgress(settings.dns),
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': settings.namespace },
              },
              podSelector: { matchLabels: selectorLabels(service) },
            },
          ],
          ports: [endpoints.otlpGrpc, endpoints.otlpHttp].map(({ port }) => tcpPort(port.number)),
        },
      ],
    },
  });
  return policy.toJson();
}
