import { caFile } from '../../external-stores/files.ts';
import type { ConfigObject } from '../../model/config-file.ts';
import { sourceFile } from '../../model/source.ts';
import type { ReplaceableService, StoreAccess } from '../../model/topology-settings.ts';
import { secretFile } from '../../settings/common.ts';
import { exporterNames, externalTracesExporter } from '../../telemetry/collector.ts';
import { bearerToken } from '../external/bearer-token.ts';
import { byBytes, byFewItems, bySpans, durableQueue } from './queue.ts';

export const storesSource = sourceFile(import.meta.filename);

export type StoreAccesses = Partial<Record<ReplaceableService, StoreAccess>>;

interface Endpoints {
  readonly metricsEndpoint: string;
  readonly logsEndpoint: string;
  readonly tracesEndpoint: string;
  readonly externalStores?: StoreAccesses;
}

/** The exporter of each store, its name by signal, and the extensions that log in to external ones. */
export function storeExporters(props: Endpoints, queueSize: number) {
  const { loki, tempo } = props.externalStores ?? {};
  const names = {
    ...exporterNames,
    traces: tempo === undefined ? exporterNames.traces : externalTracesExporter,
  };
  const plain = { compression: 'none' };
  const exporters: ConfigObject = {
    [names.metrics]: {
      endpoint: props.metricsEndpoint,
      ...plain,
      // One consumer keeps samples in order. No batching: Prometheus rejects a whole request if
      // one sample in it is invalid, and that must not affect other senders.
      ...durableQueue(queueSize, { num_consumers: 1, batch: { ...byBytes, min_size: 0 } }),
    },
    [names.logs]: {
      endpoint: props.logsEndpoint,
      ...(loki === undefined ? plain : accessTo('loki', loki)),
      ...durableQueue(queueSize, { batch: loki === undefined ? byBytes : byFewItems }),
    },
    [names.traces]: {
      endpoint: props.tracesEndpoint,
      ...(tempo === undefined ? { tls: { insecure: true }, ...plain } : accessTo('tempo', tempo)),
      ...durableQueue(queueSize, { batch: tempo === undefined ? bySpans : byFewItems }),
    },
  };
  const extensions = Object.entries({ loki, tempo }).flatMap(([name, access]) => {
    const login = access && authenticator(name, access);
    return login === undefined ? [] : [login];
  });
  return { names, exporters, extensions: Object.fromEntries(extensions) as ConfigObject };
}

/** Requests to it are compressed, which is the default: the network is not the node's. */
function accessTo(name: string, access: StoreAccess): ConfigObject {
  const { headers, ca } = access;
  const [extension] = authenticator(name, access) ?? [];
  return {
    ...(Object.keys(headers).length > 0 && { headers: escaped(headers) }),
    ...(ca && { tls: { ca_file: caFile(ca) } }),
    ...(extension && { auth: { authenticator: extension } }),
  };
}

/** The collector expands `$`. */
function escaped(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll('$', '$$$$')]),
  );
}

/** The extension that adds the credential; it reads its files again when they change. */
function authenticator(
  name: string,
  { credentials }: StoreAccess,
): [string, ConfigObject] | undefined {
  if (credentials === undefined) return undefined;
  const { secret, bearerTokenKey, usernameKey = '', passwordKey = '' } = credentials;
  if (bearerTokenKey !== undefined) {
    return [`bearertokenauth/${name}`, bearerToken(secret, bearerTokenKey)];
  }
  const client_auth = {
    username_file: secretFile(secret, usernameKey),
    password_file: secretFile(secret, passwordKey),
  };
  return [`basicauth/${name}`, { client_auth }];
}
