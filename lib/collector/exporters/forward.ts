import type { Size } from 'cdk8s';
import { z } from 'zod';
import type { ConfigObject } from '../../model/config-file.ts';
import { sourceFile } from '../../model/source.ts';
import { mountDirectories } from '../../settings/common.ts';
import { dnsLabel, size, text } from '../../settings/units.ts';
import { forwardExporter } from '../../telemetry/collector.ts';
import { type Signal, signals } from '../../telemetry/signal.ts';
import { durableQueue, queueBytes } from './queue.ts';

export const forwardSource = sourceFile(import.meta.filename);

const path = text(/^\/\S+$/, 'the path of a file, such as /etc/secrets/vendor/ca.crt');

const destination = z
  .strictObject({
    name: dnsLabel.describe('Name of the destination, in the name of its exporter'),
    endpoint: text(
      /^https?:\/\/[^\s/@]+(\/\S*)?$/,
      'a URL such as https://otlp.example.com:4318, with http:// for one without TLS',
    ).describe('URL of the OTLP endpoint; with http:// the connection is not encrypted'),
    protocol: z
      .enum(['http', 'grpc'], 'http or grpc')
      .default('http')
      .describe('OTLP over HTTP or over gRPC'),
    signals: z
      .array(z.enum(signals, `one of ${signals.join(', ')}`))
      .min(1, `at least one of ${signals.join(', ')}`)
      .refine((each) => new Set(each).size === each.length, 'each signal once')
      .default([...signals])
      .describe('Signals that are sent'),
    headers: z
      .record(z.string().min(1), z.string())
      .default({})
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector expands it
      .describe('Headers of each request; `${env:NAME}` is the key NAME of collector.secret'),
    queueSize: size
      .prefault('256Mi')
      .describe(
        'Size of the queue on disk for each signal. When it is full, new items are dropped',
      ),
    tls: z
      .strictObject({
        caFile: path.optional(),
        certFile: path.optional(),
        keyFile: path.optional(),
        serverName: z.string().min(1).optional(),
      })
      .default({})
      .describe('Files for TLS, in mounted Secrets or ConfigMaps, and the name in the certificate'),
  })
  .refine(
    ({ protocol, endpoint }) => protocol === 'http' || /^https?:\/\/[^/]+:\d+$/.test(endpoint),
    'an endpoint with a port and without a path, such as https://otlp.example.com:4317, for gRPC',
  )
  .refine(
    ({ tls }) => (tls.certFile === undefined) === (tls.keyFile === undefined),
    'both tls.certFile and tls.keyFile, or neither',
  );

/** Further destinations of telemetry. */
export const forwardSettings = z
  .array(destination)
  .default([])
  .describe(
    'Further OTLP destinations, such as a vendor or the collector of another cluster, each with its own queue on disk',
  );

export type Forward = z.output<typeof forwardSettings>;

interface CheckedSettings {
  readonly forward: Forward;
  readonly storage: Size;
  readonly mountedSecrets: readonly string[];
  readonly mountedConfigMaps: readonly string[];
}

/**
 * Refuses two destinations of one name, files that are not mounted, and queues that do not fit.
 */
export const checkForward: z.core.CheckFn<CheckedSettings> = ({
  value: { forward, storage, mountedSecrets, mountedConfigMaps },
  issues,
}) => {
  const mounted = [
    ...mountedSecrets.map((name) => `${mountDirectories.secrets}/${name}/`),
    ...mountedConfigMaps.map((name) => `${mountDirectories.configMaps}/${name}/`),
  ];
  forward.forEach(({ tls: { caFile, certFile, keyFile } }, index) => {
    for (const [key, file] of Object.entries({ caFile, certFile, keyFile })) {
      if (file === undefined || mounted.some((directory) => file.startsWith(directory))) continue;
      const message =
        'a file of a Secret in mountedSecrets, or of a ConfigMap in mountedConfigMaps';
      issues.push({ code: 'custom', input: file, path: ['forward', index, 'tls', key], message });
    }
  });
  const names = forward.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    const message = 'a name that no other destination has';
    issues.push({ code: 'custom', input: twice, path: ['forward'], message });
  }
  if (forwardQueueBytes(forward) > storage.toMebibytes() * 1024 * 1024 * 0.5) {
    const mebibytes = Math.ceil((forwardQueueBytes(forward) * 2) / 1024 / 1024);
    const message = `at least ${mebibytes}Mi, twice the queues of collector.forward`;
    issues.push({ code: 'custom', input: storage.asString(), path: ['storage'], message });
  }
};

/** The bytes of all queues of the destinations: each has one for each signal. */
export function forwardQueueBytes(forward: Forward): number {
  return forward.reduce((sum, each) => sum + queueBytes(each.queueSize) * each.signals.length, 0);
}

const copies = 'forward/copies';
const decouple = 'batch/forward';

/**
 * The exporter of each destination, and a pipeline of its own for each signal of it.
 *
 * Pipelines with several exporters are as slow as the slowest, and repeat what one of them refuses to
 * all of them. Hence the batch processor: it accepts every item at once and drops what the queue
 * behind it has no room for. It does not batch, which the queue does; at most a few requests are in
 * memory between the two.
 */
export function forwardConfig(forward: Forward) {
  const used = signals.filter((signal) => forward.some((each) => each.signals.includes(signal)));
  const pipelines = forward.flatMap((each) =>
    each.signals.map((signal) => [
      `${signal}/forward-${each.name}`,
      { receivers: [copies], processors: [decouple], exporters: [exporterOf(each)] },
    ]),
  );
  return {
    connectors: used.length === 0 ? {} : { [copies]: {} },
    processors: used.length === 0 ? {} : { [decouple]: { timeout: '0s', send_batch_size: 0 } },
    exporters: Object.fromEntries(
      forward.map((each) => [exporterOf(each), exporterConfig(each)]),
    ) as ConfigObject,
    pipelines: Object.fromEntries(pipelines) as ConfigObject,
    /** The further exporters of a signal's pipeline. */
    exportersOf: (signal: Signal) => (used.includes(signal) ? [copies] : []),
  };
}

type Destination = Forward[number];

/**
 * One consumer keeps samples in order, which other stores of metrics may require. Receivers of OTLP
 * over gRPC accept requests of 4 MiB by default, and vendors bill or limit small ones.
 */
const inOrder = {
  num_consumers: 1,
  batch: { sizer: 'bytes', min_size: 500_000, max_size: 4_000_000, flush_timeout: '1s' },
} as const;

function exporterOf({ name, protocol }: Destination): string {
  return forwardExporter(protocol, name);
}

function exporterConfig({ endpoint, headers, queueSize, tls }: Destination): ConfigObject {
  const { sending_queue, ...rest } = durableQueue(queueBytes(queueSize), inOrder);
  const { caFile, certFile, keyFile, serverName } = tls;
  return {
    endpoint,
    headers,
    tls: {
      insecure: endpoint.startsWith('http://') || undefined,
      ca_file: caFile,
      cert_file: certFile,
      key_file: keyFile,
      server_name_override: serverName,
    },
    sending_queue: { ...sending_queue, block_on_overflow: false },
    ...rest,
  };
}
