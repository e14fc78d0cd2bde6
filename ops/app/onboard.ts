import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { dns, tcp } from '../../lib/kubernetes/network-policies.ts';
import { type ConfigObject, renderYaml } from '../../lib/model/config-file.ts';
import { selectorLabels } from '../../lib/model/labels.ts';
import { address, endpoints } from '../../lib/model/topology.ts';
import type { Settings } from '../../lib/schema.ts';
import { exporterVariables } from '../../lib/test-app/test-app.ts';
import { kubectlJson } from '../cluster/kubectl.ts';
import type { Session } from '../cluster/session.ts';
import { UserError } from '../process/errors.ts';
import { say, warn } from '../process/output.ts';

export interface Newcomer {
  readonly namespace: string;
  readonly service: string;
}

/** @throws UserError that names the variable */
export function parseNewcomer(namespace: string, service: string): Newcomer {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
    throw new UserError(`NAMESPACE must be the name of a namespace, got "${namespace}"`);
  }
  return { namespace, service: parseService(service) };
}

/** @throws UserError that names the variable */
export function parseService(service: string): string {
  if (/^[\w./-]+$/.test(service)) return service;
  throw new UserError(`SERVICE must be letters, digits and - _ . / only, got "${service}"`);
}

/** `./mantis onboard`: what an app of another namespace needs to be part of it. */
export async function onboard({ settings, target }: Session, app: Newcomer): Promise<void> {
  const there = { ...target, namespace: app.namespace };
  const policies = await kubectlJson(there, policiesSchema, ['get', 'networkpolicies']);
  say(`# In the container of ${app.service}; any OpenTelemetry SDK reads these variables`);
  say(renderYaml({ env: environment(app, settings) }));
  if (policies.items.some(({ spec }) => spec.policyTypes?.includes('Egress'))) {
    say('# NetworkPolicies hold its pods back; this one lets all of the namespace send telemetry');
    say(renderYaml(egressPolicy(app, settings)));
  }
  const { senders } = settings.collector;
  if (senders !== 'all' && !senders.namespaces.includes(app.namespace)) {
    warn(
      `the collector does not take telemetry from ${app.namespace} unless the namespace has the labels of collector.senders: add it to collector.senders.namespaces`,
    );
  }
  say(`# A minute after it runs: ./mantis check-app --service ${app.service}`);
}

const policiesSchema = z.object({
  items: z.array(z.object({ spec: z.object({ policyTypes: z.array(z.string()).optional() }) })),
});

/**
 * Standard variables (https://opentelemetry.io/docs/languages/sdk-configuration/), and from
 * Kubernetes what tells one pod from another.
 */
export function environment({ service }: Newcomer, settings: Settings) {
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

/** As JSON: objects of cdk8s hold more than Kubernetes takes. */
export function egressPolicy({ namespace }: Newcomer, settings: Settings): ConfigObject {
  const { component } = endpoints.otlpHttp;
  const policy = new k8s.KubeNetworkPolicy(new Chart(new App(), 'onboard'), 'policy', {
    metadata: { name: 'send-telemetry', namespace },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        dns,
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': settings.namespace },
              },
              podSelector: { matchLabels: selectorLabels(component) },
            },
          ],
          ports: [endpoints.otlpGrpc, endpoints.otlpHttp].map(({ port }) => tcp(port.number)),
        },
      ],
    },
  });
  return policy.toJson();
}
