import type { Size } from 'cdk8s';
import { durable } from '../collector/config.ts';
import type { ConfigObject } from '../model/config-file.ts';

/** The exporter of a collector of the cluster view, as its own counters name it. */
export const gatewayExporter = 'otlp_grpc/gateway';

/** Everything goes through the one entrance, so that one place knows the stores. */
export function toGateway(endpoint: string, storage: Size): ConfigObject {
  return {
    [gatewayExporter]: {
      endpoint,
      tls: { insecure: true },
      compression: 'none',
      ...durable(storage),
    },
  };
}

/** The queue is on disk: what waits survives the container. */
export function queueIn(directory: string): ConfigObject {
  return {
    directory: `${directory}/queue`,
    create_directory: true,
    compaction: {
      directory: `${directory}/compaction`,
      on_start: true,
      on_rebound: true,
      cleanup_on_start: true,
    },
  };
}

export const viewMemoryLimiter: ConfigObject = {
  check_interval: '1s',
  limit_percentage: 80,
  spike_limit_percentage: 20,
};
