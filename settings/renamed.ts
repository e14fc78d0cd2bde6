/** The current path of each renamed setting, by its former path. Paths contain no list indices. */
const renamed: Readonly<Record<string, string>> = {
  'collector.senders': 'collector.allowedSenders',
  'collector.drop.below': 'collector.drop.belowSeverity',
  'grafana.visitors': 'grafana.allowedClients',
  'alerts.for': 'alerts.pending',
  'alerts.stackFor': 'alerts.stackPending',
  'alerts.trafficLeft': 'alerts.minTrafficRatio',
  'alerts.paymentFailures': 'alerts.paymentFailureRatio',
  'alerts.silence': 'alerts.absentAfter',
  'alerts.queue': 'alerts.queueUsage',
  'alerts.volume': 'alerts.volumeUsage',
  'clusterView.logs.skip': 'clusterView.logs.excludeNamespaces',
  kubernetesApi: 'apiServerAddresses',
};

/** The current name of a setting; undefined if the path is not a former name. */
export function currentName(path: readonly PropertyKey[]): string | undefined {
  return renamed[path.filter((part) => typeof part === 'string').join('.')];
}

/** The current name of a MANTIS_* variable; undefined if the name is not a former one. */
export function currentVariable(name: string): string | undefined {
  const [, current] =
    Object.entries(renamed).find(([path]) => variableName(path.split('.')) === name) ?? [];
  return current === undefined ? undefined : variableName(current.split('.'));
}

/** The variable of a setting: `loki.retention` is MANTIS_LOKI_RETENTION. */
export function variableName(path: readonly string[]): string {
  return ['MANTIS', ...path.map(constantCase)].join('_');
}

function constantCase(key: string): string {
  return key.replace(/([A-Z])/g, '_$1').toUpperCase();
}

/** Every former name with the current one. */
export const renamedSettings: readonly (readonly [string, string])[] = Object.entries(renamed);
