import { externalStoreOf } from './external-store.ts';
import { type AnyServiceName, type Part, type ServiceName, services } from './ports.ts';
import type { StackLocation, TopologySettings } from './topology-settings.ts';

/** The namespace of each part, and the condition under which it is deployed. @default - always */
const parts: Readonly<
  Record<
    Part,
    {
      readonly namespace: (location: StackLocation) => string;
      readonly when?: (settings: TopologySettings) => boolean;
    }
  >
> = {
  stack: { namespace: ({ namespace }) => namespace },
  testApp: { namespace: ({ namespace }) => namespace, when: ({ testApp }) => testApp.enabled },
  clusterView: {
    namespace: ({ clusterView }) => clusterView.namespace,
    when: ({ clusterView }) => clusterView.enabled,
  },
};

/** The namespace that a service is in. */
export function namespaceOf(service: AnyServiceName, location: StackLocation): string {
  return parts[services[service].part].namespace(location);
}

/** Whether these settings deploy a service: its part, without a store that is external. */
export function isEnabled(service: AnyServiceName, settings: TopologySettings): boolean {
  if (externalStoreOf(service, settings) !== undefined) return false;
  return parts[services[service].part].when?.(settings) ?? true;
}

export function isService(name: string): name is AnyServiceName {
  return name in services;
}

/** The services that these settings deploy into a namespace. */
export function servicesIn(namespace: string, settings: TopologySettings): AnyServiceName[] {
  const names = Object.keys(services) as AnyServiceName[];
  return names.filter(
    (name) => isEnabled(name, settings) && namespaceOf(name, settings) === namespace,
  );
}

/** The services that these settings deploy into the stack's namespace. */
export function enabledServices(settings: TopologySettings): ServiceName[] {
  return servicesIn(settings.namespace, settings) as ServiceName[];
}
