import type { Size } from 'cdk8s';
import { durableQueue, queueBytes } from '../collector/exporters/queue.ts';
import type { ConfigObject } from '../model/config-file.ts';
import { maxRequestMebibytes } from '../telemetry/limits.ts';

/** Name of the exporter, as in the label `exporter` of the collector's internal metrics. */
export const gatewayExporter = 'otlp_grpc/gateway';

/** Below the limit of the gateway for one request; a log line has at most 1 MiB. */
const batch = {
  sizer: 'bytes',
  min_size: 1_000_000,
  max_size: (maxRequestMebibytes * 1024 * 1024) / 2,
} as const;

/** An exporter to the gateway, so that only the gateway has the addresses of the stores. */
export function gatewayExporterConfig(endpoint: string, storage: Size): ConfigObject {
  return {
    [gatewayExporter]: {
      endpoint,
      tls: { insecure: true },
      compression: 'none',
      ...durableQueue(Math.floor(queueBytes(storage) / 4), { batch }),
    },
  };
}

/**
 * A file_storage extension for the queue, so that queued items survive a restart of the container.
 */
export function queueStorage(directory: string): ConfigObject {
  return {
    directory: `${directory}/queue`,
    create_directory: true,
    // A file that a power cut damaged is renamed, instead of keeping the collector from starting.
    recreate: true,
    compaction: {
      directory: `${directory}/compaction`,
      on_start: true,
      on_rebound: true,
      cleanup_on_start: true,
    },
  };
}

export const memoryLimiter: ConfigObject = {
  check_interval: '1s',
  limit_percentage: 80,
  spike_limit_percentage: 20,
};
